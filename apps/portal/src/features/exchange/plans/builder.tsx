import './plans.css'
import { Alert, Anchor, Button, Divider, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { IconArrowLeft, IconArrowRight, IconFlask } from '@tabler/icons-react'
import { useMutation, useQueries, useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { meaning } from '../../../theme.ts'
import { Flow } from '../../../ui/flow/flow.tsx'
import { Growing } from '../../../ui/growing.tsx'
import { JsonEditor } from '../../../ui/json/json-editor.tsx'
import { LoadingState, ProblemAlert } from '../../../ui/states.tsx'
import { Steps } from '../../../ui/steps.tsx'
import { nodesQuery, offeredQuery, tableQuery } from '../../custody/catalogue/queries.ts'
import { AggregationStep } from './aggregation-step.tsx'
import { CohortStep } from './cohort-step.tsx'
import type { Draft } from './draft.ts'
import { ElementsStep } from './elements-step.tsx'
import { DryRunReport, useFlowWords } from './figures.tsx'
import { type FormProps, type KnownTable, type PlanStep, planSteps, stepOf } from './form.ts'
import { LinkageStep } from './linkage-step.tsx'
import { OutputStep } from './output-step.tsx'
import { boxesOf, flowOf } from './picture.ts'
import { railsOf } from './plan.ts'
import { PrepareStep } from './prepare-step.tsx'
import { type DryRun, dryRun } from './queries.ts'
import { SourcesStep } from './sources-step.tsx'
import { TreatmentStep } from './treatment-step.tsx'

const forms: Readonly<Record<PlanStep, (props: FormProps) => ReactNode>> = {
  sources: SourcesStep,
  elements: ElementsStep,
  prepare: PrepareStep,
  linkage: LinkageStep,
  cohort: CohortStep,
  treatment: TreatmentStep,
  aggregation: AggregationStep,
  output: OutputStep,
}

interface BuilderProps {
  readonly project: string
  readonly draft: Draft
  /** Stands below the last step: the button that saves, and what came of it. */
  readonly save: ReactNode
}

/** A plan being made: forms step by step or its JSON, and beside it what it is so far. */
export function PlanBuilder({ project, draft, save }: BuilderProps) {
  const { t } = useTranslation('exchange.plans')
  const [view, setView] = useState<'form' | 'json'>('form')
  const [step, setStep] = useState<PlanStep>('sources')
  const trying = useMutation({ mutationFn: () => dryRun(project, draft.reading.ok ? draft.reading.value : undefined) })
  const at = planSteps.indexOf(step)
  const [before, after] = [planSteps[at - 1], planSteps[at + 1]]
  const go = (next: PlanStep) => {
    setStep(next)
    setView('form')
  }
  return (
    <div className="builder">
      <Steps
        down
        open
        steps={planSteps}
        nameOf={(name) => t(`step.${name}`)}
        current={step}
        onChoose={go}
        faulty={new Set(draft.faults.map(({ pointer }) => stepOf(pointer)))}
      />
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2}>{t(`step.${step}`)}</Title>
          <SegmentedControl
            aria-label={t('view.label')}
            value={view}
            onChange={(value) => setView(value === 'json' ? 'json' : 'form')}
            data={[
              { value: 'form', label: t('view.form') },
              { value: 'json', label: t('view.json') },
            ]}
          />
        </Group>
        {view === 'json' ? (
          <JsonEditor label={t('view.document')} text={draft.text} onChange={draft.write} errors={draft.faults} rows={30} />
        ) : (
          <Form project={project} draft={draft} step={step} />
        )}
        <Group justify="space-between">
          {before === undefined ? (
            <span />
          ) : (
            <Button variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={() => go(before)}>
              {t('steps.back')}
            </Button>
          )}
          {after === undefined ? null : (
            <Button variant="default" rightSection={<IconArrowRight size={16} aria-hidden />} onClick={() => go(after)}>
              {t('steps.next')}
            </Button>
          )}
        </Group>
        <Divider />
        <Group>
          {save}
          <Button
            variant="default"
            leftSection={<IconFlask size={16} aria-hidden />}
            loading={trying.isPending}
            disabled={!draft.sound}
            onClick={() => trying.mutate()}
          >
            {t('dryRun.start')}
          </Button>
        </Group>
        <ProblemAlert error={trying.error} />
        {trying.data === undefined ? null : <DryRunReport found={trying.data} />}
      </Stack>
      <GrowingPlan draft={draft} tried={trying.data} step={step} onStep={go} />
    </div>
  )
}

function Form({ project, draft, step }: { readonly project: string; readonly draft: Draft; readonly step: PlanStep }) {
  const { t } = useTranslation('exchange.plans')
  const { plan, faults, change, become } = draft
  const offered = useQuery(offeredQuery(project))
  const nodes = useQuery(nodesQuery(project))
  const wanted = [...new Set(plan?.sources.map(({ table }) => table))]
  const tables = useQueries({ queries: wanted.map((reference) => tableQuery(project, reference)) })
  if (plan === undefined) return <Alert variant="default">{t('view.noForm')}</Alert>
  if (offered.isPending || tables.some(({ isPending }) => isPending)) return <LoadingState />
  const known = new Map(
    tables.flatMap(({ data }): [string, KnownTable][] =>
      data === undefined || data.columns === null ? [] : [[data.reference, { ...data, columns: data.columns }]],
    ),
  )
  const Step = forms[step]
  const form = { plan, faults, change, become, offered: offered.data ?? [], nodes: nodes.data?.data.map(({ node }) => node) ?? [] }
  return <Step {...form} tableOf={(reference) => known.get(reference)} />
}

interface GrowingProps {
  readonly draft: Draft
  readonly tried: DryRun | undefined
  readonly step: PlanStep
  readonly onStep: (step: PlanStep) => void
}

/** What the plan is so far: whom it means, what it does in which order, and who must agree. */
function GrowingPlan({ draft, tried, step, onStep }: GrowingProps) {
  const { t } = useTranslation('exchange.plans')
  const words = useFlowWords()
  const { checked, plan } = draft
  const picture = checked?.picture
  const flow = useMemo(
    () => (picture === undefined || picture === null ? undefined : flowOf(picture, boxesOf(tried?.steps ?? []), words)),
    [picture, tried, words],
  )
  const chosen = picture?.nodes.find((node) => stepOf(node.pointer) === step)?.id
  return (
    <Growing word={(name) => t(`growing.${name}`)} draft={draft} gap="md">
      <Count draft={draft} />
      {plan === undefined ? null : <Rails draft={draft} />}
      {flow === undefined ? (
        <Text c="dimmed">{t('growing.noPicture')}</Text>
      ) : (
        <Flow
          title={t('growing.picture')}
          nodes={flow.nodes}
          edges={flow.edges}
          chosen={chosen}
          onChoose={(id) => {
            const box = picture?.nodes.find((node) => node.id === id)
            if (box !== undefined) onStep(stepOf(box.pointer))
          }}
        />
      )}
      {draft.faults.length === 0 ? null : (
        <Alert color={meaning.deny} title={t('growing.faults', { count: draft.faults.length })}>
          <ul className="nav">
            {draft.faults.map(({ pointer, detail }) => (
              <li key={`${pointer} ${detail}`}>
                <Anchor component="button" type="button" c="inherit" underline="always" className="fault" onClick={() => onStep(stepOf(pointer))}>
                  {pointer === '' ? '/' : pointer}: {detail}
                </Anchor>
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </Growing>
  )
}

/** How many people are meant; where it may not be told, why. */
function Count({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const { data, isFetching, error } = draft.count
  return (
    <div role="status" aria-label={t('count.label')}>
      <Text fw={600}>{t('count.label')}</Text>
      {error !== null ? (
        <ProblemAlert error={error} />
      ) : data === undefined ? (
        <Text c="dimmed">{isFetching ? t('count.counting') : t('count.notYet')}</Text>
      ) : data.nodes.length > 0 ? (
        <Text>{t('count.nodes', { nodes: data.nodes.join(', ') })}</Text>
      ) : data.people === null ? (
        <Text>{t('count.hidden', { floor: format.number(data.floor) })}</Text>
      ) : (
        <>
          <Text size="xl" fw={600}>
            {t('count.about', { count: data.people, people: format.number(data.people) })}
          </Text>
          <Text size="sm" c="dimmed">
            {t('count.rounded', { base: data.base, floor: format.number(data.floor) })}
          </Text>
        </>
      )}
    </div>
  )
}

/** What this form of result does not allow, and what it asks for. */
function Rails({ draft: { plan, checked } }: { readonly draft: Draft }) {
  const { t } = useTranslation('exchange.plans')
  if (plan === undefined) return null
  const reasons = checked?.approval_reasons ?? []
  return (
    <Stack gap="xs">
      <Text fw={600}>{t('rails.title', { form: t(`form.${plan.form}.name`) })}</Text>
      <ul className="rails">
        {railsOf(plan).map((rail) => (
          <li key={rail}>{t(`rails.${rail}`)}</li>
        ))}
        {reasons.map((reason) => (
          <li key={reason}>{t(`approval.reason.${reason}`)}</li>
        ))}
      </ul>
    </Stack>
  )
}
