import './results.css'
import { Alert, Anchor, Button, Group, Select, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCertificate, IconDatabasePlus, IconDownload, IconUserSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive, useLook } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { meaning } from '../../../theme.ts'
import { Chart } from '../../../ui/chart/chart.tsx'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { useOfProject } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { Section } from '../../../ui/section.tsx'
import { EmptyState, LoadingState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { versionQuery } from '../plans/queries.ts'
import { Answers } from './answers.tsx'
import { Download } from './download.tsx'
import { barsOf, groupings, measures } from './figures.ts'
import { firstRows, makeSource, type NumberedRow, odataAddress, type Result, readResult, resultNews, resultsKey, rowPages } from './queries.ts'
import { Reidentification } from './reidentification.tsx'
import { DisclosureReport } from './report.tsx'
import { ResultState } from './state.tsx'
import { WalkBack } from './walk-back.tsx'

/** Its reviewers may decide at any moment, and not everybody reads the ledger. */
const heldLookMs = 5_000

export function ResultPage() {
  const { result = '' } = useParams({ strict: false }) as { result?: string }
  useLive(resultNews, [...resultsKey, 'one'])
  const query = useOfProject<Result>([...resultsKey, 'one', result], (project, signal) => readResult(project, result, signal))
  useLook([...resultsKey, 'one', result], query.data?.state === 'held' ? heldLookMs : undefined)
  return (
    <QueryView whole query={query}>
      {(found) => <Shown result={found} />}
    </QueryView>
  )
}

function Shown({ result }: { readonly result: Result }) {
  const { t } = useTranslation('exchange.results')
  const can = useCan()
  const [downloading, download] = useDisclosure()
  const [asking, ask] = useDisclosure()
  const open = result.state === 'released'
  return (
    <>
      <ObjectPage
        kind="query_result"
        id={result.id}
        title={result.title}
        chip={<ResultState state={result.state} partial={result.partial} />}
        about={t(`aboutState.${result.state}`, { why: result.end === null ? '' : t(`end.${result.end}`) })}
        actions={
          open ? (
            <>
              {can('export', 'query_result') ? (
                <Button leftSection={<IconDownload size={16} aria-hidden />} onClick={download.open}>
                  {t('download.open')}
                </Button>
              ) : null}
              {result.state === 'released' && can('export', 'query_result') ? (
                <Button
                  component="a"
                  variant="default"
                  href={`/v1/projects/${result.project}/results/${result.id}/crate`}
                  download
                  leftSection={<IconCertificate size={16} aria-hidden />}
                >
                  {t('crate')}
                </Button>
              ) : null}
              {result.source === null && can('update', 'query_plan') ? <AsSource result={result} /> : null}
              {result.form === 'pseudonymised' && can('create', 'reidentification') ? (
                <Button variant="default" leftSection={<IconUserSearch size={16} aria-hidden />} onClick={ask.open}>
                  {t('reidentify.open')}
                </Button>
              ) : null}
            </>
          ) : undefined
        }
        tabs={[
          ...(open ? [{ name: 'charts', label: t('charts.tab'), content: <Charts result={result} /> }] : []),
          { name: 'about', label: t('facts.tab'), content: <About result={result} /> },
          { name: 'disclosure', label: t('report.title'), content: <DisclosureReport report={result.report} /> },
          ...(result.form === 'pseudonymised' && can('read', 'reidentification')
            ? [{ name: 'answers', label: t('answers.tab'), content: <Answers result={result} /> }]
            : []),
        ]}
      >
        {open ? <Rows result={result} /> : result.state === 'held' ? <Held result={result} /> : <NoRows result={result} />}
      </ObjectPage>
      {downloading ? <Download result={result} onClose={download.close} /> : null}
      {asking ? <Reidentification result={result} onClose={ask.close} /> : null}
    </>
  )
}

/** Where its plan lets it become a table. */
function AsSource({ result }: { readonly result: Result }) {
  const { t } = useTranslation('exchange.results')
  const { data: version } = useQuery(versionQuery(result.project, result.plan, result.version))
  return version?.document.output.source === undefined ? null : (
    <ConfirmButton
      label={t('source.label')}
      leftSection={<IconDatabasePlus size={16} aria-hidden />}
      title={t('source.title')}
      consequence={t('source.consequence')}
      confirm={t('source.label')}
      act={async () => {
        await makeSource(result.project, result.id)
        void say(t('source.done'))
      }}
    />
  )
}

function NoRows({ result }: { readonly result: Result }) {
  const { t } = useTranslation('exchange.results')
  return <EmptyState title={t(`state.${result.state}`)} about={t(`noRows.${result.state}`)} />
}

/** Whoever judges a result sees it; everybody else is told where it is. */
function Held({ result }: { readonly result: Result }) {
  const { isSuccess, isPending } = useQuery({ ...firstRows(result.project, result.id), retry: false })
  if (isPending) return <LoadingState />
  return isSuccess ? <Rows result={result} /> : <NoRows result={result} />
}

/** The rows as they were released; every cell leads back to where it comes from. */
function Rows({ result }: { readonly result: Result }) {
  const { t } = useTranslation('exchange.results')
  const [cell, show] = useState<{ row: number; column: string } | undefined>(undefined)
  const columns = useMemo(
    (): ListColumn<NumberedRow>[] =>
      result.columns.map(({ name, type }, at) => {
        const numeric = type === 'integer' || type === 'number'
        return {
          name,
          label: name,
          value: ({ cells }) => {
            const value = cells[name] ?? null
            return typeof value === 'boolean' ? String(value) : value
          },
          cell: ({ number, cells }) => {
            const value = cells[name] ?? null
            return (
              <button
                type="button"
                className="cell"
                onClick={() => show({ row: number, column: name })}
                aria-label={t('cell.open', { column: name, row: number + 1, value: String(value ?? '–') })}
              >
                {String(value ?? '–')}
              </button>
            )
          },
          numeric,
          width: 160,
          phone: at < 3,
        }
      }),
    [result.columns, t],
  )
  const pages = useMemo(() => rowPages(result.project, result.id), [result.project, result.id])
  return (
    <Stack gap="sm">
      <Text c="dimmed">{t('cell.hint')}</Text>
      <RecordList
        name="query-result"
        label={result.title}
        columns={columns}
        pages={pages}
        stays
        rowId={({ number }) => String(number)}
        empty={<EmptyState title={t('noRows.empty')} />}
      />
      <Dialog opened={cell !== undefined} onClose={() => show(undefined)} title={t('cell.title')} size="lg">
        {cell === undefined ? null : <WalkBack project={result.project} result={result.id} row={cell.row} column={cell.column} />}
      </Dialog>
    </Stack>
  )
}

function Charts({ result }: { readonly result: Result }) {
  const { t } = useTranslation('exchange.results')
  const format = useFormat()
  const by = groupings(result.columns)
  const of = measures(result.columns)
  const [column, setColumn] = useState(by[0] ?? '')
  const [measure, setMeasure] = useState<string | null>(of[0] ?? null)
  const query = useQuery(firstRows(result.project, result.id))
  if (by.length === 0) return <EmptyState title={t('charts.none')} about={t('charts.noneAbout')} />
  return (
    <Section id="charts" title={t('charts.tab')}>
      <Group>
        <Select label={t('charts.by')} data={[...by]} value={column} allowDeselect={false} onChange={(value) => setColumn(value ?? column)} />
        {of.length === 0 ? null : <Select label={t('charts.of')} data={[...of]} value={measure} allowDeselect={false} onChange={setMeasure} />}
      </Group>
      <QueryView query={query}>
        {(page) => {
          const data = barsOf(page.data, column, measure ?? undefined, { count: t('rows'), others: t('charts.others') })
          const values = data.series[0]?.values ?? []
          const most = values.reduce<number>((best, value, at) => ((value ?? 0) > (values[best] ?? 0) && data.x[at] !== t('charts.others') ? at : best), 0)
          return (
            <Chart
              title={t('charts.finding', { group: data.x[most] ?? '–', column, value: format.number(values[most] ?? 0), what: measure ?? t('rows') })}
              unit={measure ?? t('rows')}
              data={data}
              {...(page.rows > page.data.length ? { note: t('charts.first', { shown: format.number(page.data.length), all: format.number(page.rows) }) } : {})}
            />
          )
        }}
      </QueryView>
    </Section>
  )
}

function About({ result }: { readonly result: Result }) {
  const { t } = useTranslation('exchange.results')
  const format = useFormat()
  return (
    <Stack gap="xl">
      {result.partial ? (
        <Alert color={meaning.attention} title={t('partial.title')}>
          {t('partial.about', { nodes: result.nodes.flatMap(({ node, state }) => (state === 'answered' ? [] : [node])).join(', ') })}
        </Alert>
      ) : null}
      {result.source === null ? null : <Alert variant="default">{t('source.is', { table: result.source })}</Alert>}
      <Facts
        facts={[
          { label: t('form.label'), value: t(`form.${result.form}`) },
          { label: t('rows'), value: format.number(result.rows) },
          {
            label: t('facts.plan'),
            value: (
              <Anchor component={Link} to={`/exchange/plans/${result.plan}?project=${result.project}`} underline="always">
                {t('facts.version', { version: result.version })}
              </Anchor>
            ),
          },
          {
            label: t('facts.run'),
            value: (
              <Anchor component={Link} to={`/exchange/runs/${result.run}?project=${result.project}`} underline="always">
                {t('facts.openRun')}
              </Anchor>
            ),
          },
          { label: t('partial.nodes'), value: result.nodes.length === 0 ? null : result.nodes.map(({ node }) => node).join(', ') },
          { label: t('madeAt'), value: <Moment at={result.made_at} /> },
          { label: t('facts.releasedAt'), value: result.released_at === null ? null : <Moment at={result.released_at} /> },
          { label: t('expiresAt'), value: <Moment at={result.expires_at} /> },
        ]}
      />
      <Section id="columns" title={t('facts.columns')}>
        <WideTable label={t('facts.columns')} minWidth={480}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('facts.column')}</Table.Th>
              <Table.Th scope="col">{t('facts.type')}</Table.Th>
              <Table.Th scope="col">{t('cell.role')}</Table.Th>
              <Table.Th scope="col">{t('cell.level')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.columns.map(({ name, type, role, level, levels }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td>{type}</Table.Td>
                <Table.Td>{t(`role.${role}`, role)}</Table.Td>
                <Table.Td>{level === null ? '–' : t('cell.levelOf', { level: format.number(level), levels: format.number(levels ?? level) })}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      </Section>
      <Section id="sources" title={t('facts.sources')}>
        <ul className="nav">
          {result.sources.map(({ as, table, schema_version }) => (
            <li key={as}>{t('facts.source', { as, table, version: schema_version })}</li>
          ))}
        </ul>
      </Section>
      {result.state === 'released' ? (
        <Section id="odata" title={t('odata.title')} about={t('odata.about')}>
          <Copyable text={odataAddress(result.project, result.id)} label="OData" />
        </Section>
      ) : null}
      <Section id="digest" title={t('facts.digest')} about={t('facts.digestAbout')}>
        <Copyable text={result.digest} label="SHA-256" />
      </Section>
    </Stack>
  )
}
