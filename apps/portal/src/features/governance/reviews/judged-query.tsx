import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Diff } from '../../../ui/diff/diff.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Flow } from '../../../ui/flow/flow.tsx'
import { JsonView } from '../../../ui/json/json-view.tsx'
import { useOfProject } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { useFlowWords } from '../../exchange/plans/figures.tsx'
import { flowOf } from '../../exchange/plans/picture.ts'
import { checkedQuery, type PlanDetail, plansKey, readPlan, versionQuery } from '../../exchange/plans/queries.ts'
import { type Result, readResult, resultsKey } from '../../exchange/results/queries.ts'
import { DisclosureReport } from '../../exchange/results/report.tsx'

/** A review of a plan is about one version of it: `<plan>:<version>`. */
export function partsOf(object: string): { readonly plan: string; readonly version: number } {
  const [plan = '', version = '1'] = object.split(':')
  return { plan, version: Number(version) }
}

/** The version of the plan that is judged: what is read, what the result would tell, and what is new in it. */
export function JudgedPlan({ object }: { readonly object: string }) {
  const { plan, version } = partsOf(object)
  const query = useOfProject<PlanDetail>([...plansKey, 'judged', plan], (project, signal) => readPlan(project, plan, signal))
  return <QueryView query={query}>{(found) => <ShownPlan plan={found} version={version} />}</QueryView>
}

function ShownPlan({ plan, version }: { readonly plan: PlanDetail; readonly version: number }) {
  const { t } = useTranslation('governance.reviews')
  const format = useFormat()
  const words = useFlowWords()
  const approved = plan.history.find((one) => one.version < version && one.approval.state === 'approved')
  const judged = useQuery(versionQuery(plan.project, plan.id, version))
  const before = useQuery({ ...versionQuery(plan.project, plan.id, approved?.version ?? 0), enabled: approved !== undefined })
  const { data: checked } = useQuery({ ...checkedQuery(plan.project, judged.data?.document), enabled: judged.data !== undefined })
  const flow = checked?.picture == null ? undefined : flowOf(checked.picture, [], words)
  return (
    <QueryView query={judged}>
      {({ document, title, form, approval }) => (
        <Stack gap="md">
          <Title order={3}>{t('plan.title', { title, version })}</Title>
          <Facts
            facts={[
              { label: t('plan.form'), value: t(`plan.forms.${form}`) },
              { label: t('plan.tables'), value: format.list(document.sources.map(({ table }) => table)) },
              { label: t('plan.elements'), value: format.list(document.elements.map(({ name }) => name)) },
              { label: t('plan.why'), value: format.list(approval.reasons.map((reason) => t(`plan.reason.${reason}`))) },
            ]}
          />
          {flow === undefined ? null : <Flow title={t('plan.picture')} nodes={flow.nodes} edges={flow.edges} />}
          {before.data === undefined ? (
            <JsonView value={document} label={t('plan.document')} />
          ) : (
            <Diff label={t('plan.changed', { version: before.data.version })} before={before.data.document} after={document} />
          )}
          <Text>
            <Anchor component={Link} to={`/exchange/plans/${plan.id}?project=${plan.project}`} underline="always">
              {t('plan.open')}
            </Anchor>
          </Text>
        </Stack>
      )}
    </QueryView>
  )
}

/** The result that is held, with what disclosure control found in it. */
export function JudgedResult({ object }: { readonly object: string }) {
  const { t } = useTranslation('governance.reviews')
  const format = useFormat()
  const query = useOfProject<Result>([...resultsKey, 'judged', object], (project, signal) => readResult(project, object, signal))
  return (
    <QueryView query={query}>
      {(result) => (
        <Stack gap="md">
          <Title order={3}>{result.title}</Title>
          <Facts
            facts={[
              { label: t('plan.form'), value: t(`plan.forms.${result.form}`) },
              { label: t('result.columns'), value: format.list(result.columns.map(({ name }) => name)) },
              { label: t('result.formats'), value: format.list(result.formats) },
              { label: t('plan.tables'), value: format.list(result.sources.map(({ table }) => table)) },
            ]}
          />
          <Title order={3}>{t('result.report')}</Title>
          <DisclosureReport report={result.report} />
          <Group gap="md">
            <Anchor component={Link} to={`/exchange/results/${result.id}?project=${result.project}`} underline="always">
              {t('result.open')}
            </Anchor>
            <Anchor component={Link} to={`/exchange/runs/${result.run}?project=${result.project}`} underline="always">
              {t('result.run')}
            </Anchor>
          </Group>
        </Stack>
      )}
    </QueryView>
  )
}
