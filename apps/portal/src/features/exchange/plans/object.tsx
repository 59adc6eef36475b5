import { Alert, Button, Group, Select, Stack, Table, Text, Title } from '@mantine/core'
import { IconPencil, IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive, useLook } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Copyable } from '../../../ui/copyable.tsx'
import { Diff } from '../../../ui/diff/diff.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Flow } from '../../../ui/flow/flow.tsx'
import { JsonView } from '../../../ui/json/json-view.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { useOfProject } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Who } from '../../../ui/who.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { startRun } from '../runs/queries.ts'
import { Schedules } from '../runs/schedules.tsx'
import { DryRunReport, useFlowWords } from './figures.tsx'
import { flowOf } from './picture.ts'
import { checkedQuery, dryRun, type PlanDetail, planNews, plansKey, readPlan, requestApproval, versionQuery } from './queries.ts'
import { ApprovalState, useTranslated } from './state.tsx'

/** Its holders may agree at any moment, and whoever asked them reads no ledger. */
const askedLookMs = 5_000

export function PlanPage() {
  const { plan = '' } = useParams({ strict: false }) as { plan?: string }
  useLive(planNews, plansKey)
  const query = useOfProject<PlanDetail>([...plansKey, 'one', plan], (project, signal) => readPlan(project, plan, signal))
  useLook([...plansKey, 'one', plan], query.data?.history.some(({ approval }) => approval.state === 'asked') ? askedLookMs : undefined)
  return (
    <QueryView whole query={query}>
      {(found) => <Shown plan={found} />}
    </QueryView>
  )
}

function Shown({ plan }: { readonly plan: PlanDetail }) {
  const { t } = useTranslation('exchange.plans')
  const can = useCan()
  return (
    <ObjectPage
      kind="query_plan"
      id={plan.id}
      title={plan.title}
      chip={<ApprovalState approval={plan.latest.approval} />}
      about={t('object.about', { version: plan.latest.version, form: t(`form.${plan.latest.form}.name`) })}
      actions={
        <>
          {can('update', 'query_plan') ? (
            <Button
              component={Link}
              to={`/exchange/plans/${plan.id}/edit?project=${plan.project}`}
              variant="default"
              leftSection={<IconPencil size={16} aria-hidden />}
            >
              {t('edit.open')}
            </Button>
          ) : null}
          {can('create', 'query_run') && plan.latest.runnable ? <Start plan={plan} /> : null}
        </>
      }
      tabs={[
        { name: 'versions', label: t('versions.tab'), content: <Versions plan={plan} /> },
        { name: 'dry-run', label: t('dryRun.title'), content: <Try plan={plan} /> },
        ...(can('read', 'query_run') ? [{ name: 'schedules', label: t('schedules'), content: <Schedules plan={plan} /> }] : []),
      ]}
    >
      <Overview plan={plan} />
    </ObjectPage>
  )
}

function Start({ plan }: { readonly plan: PlanDetail }) {
  const { t } = useTranslation('exchange.plans')
  const navigate = useNavigate()
  const starting = useMutation({
    mutationFn: () => startRun(plan.project, plan.id, plan.latest.version),
    onSuccess: ({ id }) => navigate({ to: `/exchange/runs/${id}`, search: { project: plan.project } as never }),
  })
  return (
    <>
      <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={starting.isPending} onClick={() => starting.mutate()}>
        {t('run.start')}
      </Button>
      <ProblemAlert error={starting.error} />
    </>
  )
}

function Overview({ plan }: { readonly plan: PlanDetail }) {
  const { t } = useTranslation('exchange.plans')
  const { latest } = plan
  const words = useFlowWords()
  const translated = useTranslated()
  const { data: checked } = useQuery(checkedQuery(plan.project, plan.document))
  const flow = useMemo(() => (checked?.picture == null ? undefined : flowOf(checked.picture, [], words)), [checked, words])
  return (
    <Stack gap="xl">
      <Approvals plan={plan} />
      <Facts
        facts={[
          { label: t('form.short'), value: t(`form.${latest.form}.name`) },
          { label: t('sources.tables'), value: plan.document.sources.map(({ table }) => table).join(', ') },
          { label: t('elements.count'), value: plan.document.elements.length },
          { label: t('versions.latest'), value: latest.version },
          { label: t('madeBy'), value: <Who id={latest.made_by} /> },
          { label: t('changed'), value: <Moment at={latest.made_at} /> },
        ]}
      />
      <Section id="hash" title={t('versions.hash')} about={t('versions.hashAbout')}>
        <Copyable text={latest.hash} label="SHA-256" />
      </Section>
      {checked !== undefined && !checked.valid ? (
        <Alert color="yellow" title={t('object.unfit')}>
          <ul>
            {checked.errors.map(translated).map(({ pointer, detail }) => (
              <li key={`${pointer} ${detail}`}>
                <code>{pointer}</code>: {detail}
              </li>
            ))}
          </ul>
        </Alert>
      ) : null}
      {flow === undefined ? null : (
        <Section id="picture" title={t('growing.title')}>
          <Flow title={t('growing.picture')} nodes={flow.nodes} edges={flow.edges} />
        </Section>
      )}
    </Stack>
  )
}

/** Whether the latest version may be run, who has to agree, and how it stands. */
function Approvals({ plan }: { readonly plan: PlanDetail }) {
  const { t } = useTranslation('exchange.plans')
  const can = useCan()
  const pathTo = useObjectPath()
  const { approval, version } = plan.latest
  const asking = useMutation({ mutationFn: () => requestApproval(plan.project, plan.id, version), onSuccess: () => void say(t('approval.requested')) })
  const path = approval.review === null ? undefined : pathTo('review', approval.review)
  return (
    <Alert variant="default" title={t(`approval.now.${approval.state}.title`)}>
      <Stack gap="sm">
        <Text>{t(`approval.now.${approval.state}.about`)}</Text>
        {approval.reasons.length === 0 ? null : (
          <ul className="rails">
            {approval.reasons.map((reason) => (
              <li key={reason}>{t(`approval.reason.${reason}`)}</li>
            ))}
          </ul>
        )}
        {approval.state === 'not_needed' ? null : <Text>{t('approval.who', { tables: plan.document.sources.map(({ table }) => table).join(', ') })}</Text>}
        <ProblemAlert error={asking.error} />
        <Group>
          {approval.state === 'needed' && can('publish', 'query_plan') ? (
            <Button loading={asking.isPending} onClick={() => asking.mutate()}>
              {t('approval.request')}
            </Button>
          ) : null}
          {path === undefined || !can('read', 'review') ? null : (
            <Button component={Link} to={path} variant="default">
              {t('approval.open')}
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  )
}

function Versions({ plan }: { readonly plan: PlanDetail }) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const numbers = plan.history.map(({ version }) => version)
  const [from, setFrom] = useState(numbers[1] ?? numbers[0] ?? 1)
  const [to, setTo] = useState(numbers[0] ?? 1)
  const options = numbers.map((number) => ({ value: String(number), label: t('versions.one', { version: number }) }))
  return (
    <Stack gap="xl">
      <WideTable label={t('versions.tab')} minWidth={620}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('versions.version')}</Table.Th>
            <Table.Th scope="col">{t('form.short')}</Table.Th>
            <Table.Th scope="col">{t('approval.label')}</Table.Th>
            <Table.Th scope="col">{t('madeBy')}</Table.Th>
            <Table.Th scope="col">{t('changed')}</Table.Th>
            <Table.Th scope="col">{t('versions.hash')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plan.history.map((version) => (
            <Table.Tr key={version.version}>
              <Table.Th scope="row">{format.number(version.version)}</Table.Th>
              <Table.Td>{t(`form.${version.form}.name`)}</Table.Td>
              <Table.Td>
                <ApprovalState approval={version.approval} />
              </Table.Td>
              <Table.Td>
                <Who id={version.made_by} />
              </Table.Td>
              <Table.Td>
                <Moment at={version.made_at} />
              </Table.Td>
              <Table.Td>
                <code>{version.hash.slice(0, 12)}…</code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {numbers.length < 2 ? (
        <Document project={plan.project} plan={plan.id} version={to} />
      ) : (
        <Section id="diff" title={t('versions.compare')}>
          <Group>
            <Select label={t('versions.from')} data={options} value={String(from)} allowDeselect={false} onChange={(value) => setFrom(Number(value))} />
            <Select label={t('versions.to')} data={options} value={String(to)} allowDeselect={false} onChange={(value) => setTo(Number(value))} />
          </Group>
          <Compared plan={plan} from={from} to={to} />
        </Section>
      )}
    </Stack>
  )
}

function Document({ project, plan, version }: { readonly project: string; readonly plan: string; readonly version: number }) {
  const { t } = useTranslation('exchange.plans')
  return (
    <QueryView query={useQuery(versionQuery(project, plan, version))}>
      {({ document }) => <JsonView value={document} label={t('versions.one', { version })} />}
    </QueryView>
  )
}

function Compared({ plan, from, to }: { readonly plan: PlanDetail; readonly from: number; readonly to: number }) {
  const left = useQuery(versionQuery(plan.project, plan.id, from))
  const right = useQuery(versionQuery(plan.project, plan.id, to))
  return (
    <QueryView query={left}>
      {(before) => <QueryView query={right}>{(after) => <Diff label={`${from} → ${to}`} before={before.document} after={after.document} />}</QueryView>}
    </QueryView>
  )
}

function Try({ plan }: { readonly plan: PlanDetail }) {
  const { t } = useTranslation('exchange.plans')
  const trying = useMutation({ mutationFn: () => dryRun(plan.project, plan.document) })
  return (
    <Stack gap="md">
      <Title order={2} size="h3">
        {t('dryRun.ask')}
      </Title>
      <Text maw={720}>{t('dryRun.about')}</Text>
      <div>
        <Button loading={trying.isPending} onClick={() => trying.mutate()}>
          {t('dryRun.start')}
        </Button>
      </div>
      <ProblemAlert error={trying.error} />
      {trying.data === undefined ? null : <DryRunReport found={trying.data} />}
    </Stack>
  )
}
