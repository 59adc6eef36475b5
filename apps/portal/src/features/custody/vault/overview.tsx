import { Button, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { CheckState } from './check-state.tsx'
import { type Check, checkPages, newestCheck, type Overview, overviewQuery, vaultKey, verifyingQuery, verifyVault, watchMs } from './queries.ts'
import { TamperReport } from './tamper-report.tsx'

const checkEntries = ['vault.verify'] as const

export function VaultPage() {
  const { t } = useTranslation('custody.vault')
  const can = useCan()
  useLive(['vault.verify', 'vault.import'], [...vaultKey, 'overview'])
  useLive(checkEntries, [...vaultKey, 'newest'])
  const overview = useQuery(overviewQuery)
  const newest = useQuery(newestCheck)
  const newestId = newest.data?.id ?? ''
  const begin = useMutation({ mutationFn: (_newestBefore: string) => verifyVault() })
  // The mark on top of every page follows the log. From the queue to the list it is looked for here, since nothing tells when a worker takes it.
  const waiting = begin.isSuccess && begin.variables === newestId
  const running = useQuery(waiting ? { ...verifyingQuery, refetchInterval: watchMs } : verifyingQuery).data ?? null
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          {can('read', 'record') ? (
            <Button variant="default" component={Link} to="/custody/chains">
              {t('chain.open')}
            </Button>
          ) : null}
          <Button onClick={() => begin.mutate(newestId)} loading={begin.isPending || waiting} disabled={running !== null}>
            {t('verify.now')}
          </Button>
        </>
      }
    >
      <Stack gap="lg">
        <ProblemAlert error={begin.error} />
        <div role="status">
          {running === null ? null : <Progress label={t('verify.running')} done={running.blocks} of={running.of_blocks} now={t('verify.goesOn')} />}
          {waiting && running === null ? <Text c="dimmed">{t('verify.begun')}</Text> : null}
        </div>
        {newest.data === undefined || newest.data === null ? null : <TamperReport check={newest.data} />}
        <QueryView query={overview}>{(found) => <Holds overview={found} />}</QueryView>
        <div>
          <Title order={2} mb="sm">
            {t('check.list')}
          </Title>
          <Checks />
        </div>
      </Stack>
    </Page>
  )
}

function Holds({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation('custody.vault')
  const format = useFormat()
  const last = overview.last_verification
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          { label: t('blocks'), value: format.number(overview.blocks) },
          { label: t('subjects'), value: format.number(overview.subjects) },
          { label: t('bytes'), value: format.bytes(overview.bytes) },
          { label: t('check.last'), value: last === null ? t('check.never') : <Moment at={last.finished_at} /> },
          { label: t('check.result'), value: last === null ? null : <CheckState faults={last.fault_count} /> },
        ]}
      />
      <section aria-labelledby="keys">
        <Title order={2} id="keys" mb="sm">
          {t('keys.title')}
        </Title>
        <Text mb="sm" maw={720}>
          {t('keys.about')}
        </Text>
        <Table.ScrollContainer minWidth={300} type="native">
          <Table aria-labelledby="keys">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('keys.version')}</Table.Th>
                <Table.Th scope="col">{t('keys.age')}</Table.Th>
                <Table.Th scope="col">{t('keys.subjects')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {overview.keys.map(({ version, created_at, subjects }) => (
                <Table.Tr key={version}>
                  <Table.Th scope="row">{format.number(version)}</Table.Th>
                  <Table.Td>
                    <Moment at={created_at} />
                  </Table.Td>
                  <Table.Td>{format.number(subjects)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </section>
    </Stack>
  )
}

function Checks() {
  const { t } = useTranslation('custody.vault')
  const format = useFormat()
  const columns = useMemo(
    (): ListColumn<Check>[] => [
      { name: 'id', label: t('check.id'), value: (row) => row.id, cell: (row) => <code>{shortened(row.id)}</code>, width: 130, phone: true },
      {
        name: 'fault_count',
        label: t('check.result'),
        value: (row) => row.fault_count,
        cell: (row) => <CheckState faults={row.fault_count} />,
        width: 200,
        phone: true,
      },
      {
        name: 'finished_at',
        label: t('check.at'),
        value: (row) => row.finished_at,
        cell: (row) => <Moment at={row.finished_at} focusable={false} />,
        width: 150,
      },
      { name: 'blocks', label: t('blocks'), value: (row) => row.blocks, cell: (row) => format.number(row.blocks), numeric: true, width: 120 },
      { name: 'subjects', label: t('subjects'), value: (row) => row.subjects, cell: (row) => format.number(row.subjects), numeric: true, width: 120 },
      { name: 'took', label: t('check.took'), value: tookMs, cell: (row) => format.duration(tookMs(row)), numeric: true, width: 110 },
    ],
    [t, format],
  )
  return (
    <RecordList
      name="vault-checks"
      label={t('check.list')}
      columns={columns}
      pages={checkPages}
      live={checkEntries}
      rowId={(row) => row.id}
      open={(row) => `/custody/vault/${row.id}`}
      empty={<EmptyState title={t('check.none')} about={t('check.noneAbout')} />}
    />
  )
}

function tookMs({ started_at, finished_at }: Check): number {
  return Date.parse(finished_at) - Date.parse(started_at)
}
