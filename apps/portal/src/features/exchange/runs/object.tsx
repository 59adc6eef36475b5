import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive, useLook } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Flow } from '../../../ui/flow/flow.tsx'
import type { FlowNode } from '../../../ui/flow/layout.ts'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Progress } from '../../../ui/progress.tsx'
import { useOfProject } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { Who } from '../../../ui/who.tsx'
import { RiskBeforeAfter, useFlowWords, useStepName, Waterfall } from '../plans/figures.tsx'
import { boxesOf, flowOf } from '../plans/picture.ts'
import { checkedQuery, versionQuery } from '../plans/queries.ts'
import { Nodes } from './nodes.tsx'
import { cancelRun, openStates, type Run, readRun, runNews, runsKey } from './queries.ts'
import { RunState, runTones, Why } from './state.tsx'

/** Rows go by between two entries of the ledger, and not everybody reads it: so long as something can still happen it is asked for. */
const lookMs = { working: 1_000, held: 5_000 } as const

export function RunPage() {
  const { run = '' } = useParams({ strict: false }) as { run?: string }
  useLive(runNews, runsKey)
  const query = useOfProject<Run>([...runsKey, 'one', run], (project, signal) => readRun(project, run, signal))
  const state = query.data?.state
  const wait = state === undefined ? undefined : openStates.includes(state) ? lookMs.working : state === 'held_for_review' ? lookMs.held : undefined
  useLook([...runsKey, 'one', run], wait)
  return (
    <QueryView whole query={query}>
      {(found) => <Shown run={found} />}
    </QueryView>
  )
}

function Shown({ run }: { readonly run: Run }) {
  const { t } = useTranslation('exchange.runs')
  const format = useFormat()
  const can = useCan()
  const pathTo = useObjectPath()
  const open = openStates.includes(run.state)
  const nameOf = useStepName()
  const now = run.steps.find(({ state }) => state === 'running')
  const review = run.review === null ? undefined : pathTo('review', run.review)
  return (
    <ObjectPage
      kind="query_run"
      id={run.id}
      title={t('one', { title: run.title })}
      chip={<RunState state={run.state} />}
      about={t(`aboutState.${run.state}`)}
      actions={
        <>
          {run.result !== null && run.state === 'released' ? (
            <Button component={Link} to={`/exchange/results/${run.result}?project=${run.project}`}>
              {t('openResult')}
            </Button>
          ) : null}
          {(open || run.state === 'held_for_review') && can('delete', 'query_run') ? (
            <ConfirmButton
              label={t('cancel.label')}
              title={t('cancel.title')}
              consequence={t('cancel.consequence')}
              confirm={t('cancel.confirm')}
              act={async () => {
                await cancelRun(run.project, run.id)
                void say(t('cancel.done'))
              }}
            />
          ) : null}
        </>
      }
    >
      <Stack gap="xl">
        {open ? (
          <Progress
            label={t('progress.label')}
            done={run.progress}
            of={1}
            now={now === undefined ? t(`state.${run.state}`) : t('progress.now', { step: nameOf(now.title) })}
          />
        ) : null}
        {run.reason === null ? null : <Why reason={run.reason} said={run.said} tone={run.state === 'waiting' ? 'attention' : runTones[run.state]} />}
        {run.state !== 'held_for_review' || review === undefined || !can('read', 'review') ? null : (
          <Text>
            {t('held')}{' '}
            <Anchor component={Link} to={review} underline="always">
              {t('openReview')}
            </Anchor>
          </Text>
        )}
        {run.nodes.length === 0 ? null : <Nodes run={run} />}
        <Picture run={run} />
        {run.steps.length === 0 ? null : (
          <Section id="steps" title={t('steps.title')}>
            <Waterfall steps={run.steps} floor={run.floor} />
          </Section>
        )}
        {run.risk_before === null && run.risk_after === null ? null : (
          <Section id="risk" title={t('risk')}>
            <RiskBeforeAfter before={run.risk_before} after={run.risk_after} loss={run.loss} />
          </Section>
        )}
        <Facts
          facts={[
            {
              label: t('plan'),
              value: (
                <Anchor component={Link} to={`/exchange/plans/${run.plan}?project=${run.project}`} underline="always">
                  {t('planVersion', { title: run.title, version: run.version })}
                </Anchor>
              ),
            },
            { label: t('trigger.label'), value: t(`trigger.${run.trigger}`) },
            { label: t('askedBy'), value: <Who id={run.asked_by} /> },
            { label: t('nodes.askedFrom'), value: run.asked_from },
            { label: t('askedAt'), value: <Moment at={run.asked_at} /> },
            { label: t('startedAt'), value: run.started_at === null ? null : <Moment at={run.started_at} /> },
            { label: t('endedAt'), value: run.ended_at === null ? null : <Moment at={run.ended_at} /> },
            { label: t('epsilon'), value: run.epsilon === null ? null : format.number(run.epsilon) },
            { label: t('code'), value: run.code_version },
          ]}
        />
      </Stack>
    </ObjectPage>
  )
}

/** The plan as it runs: what each box has done stands on the lines that leave it. */
function Picture({ run }: { readonly run: Run }) {
  const { t } = useTranslation('exchange.runs')
  const words = useFlowWords()
  const { data: version } = useQuery(versionQuery(run.project, run.plan, run.version))
  const { data: checked } = useQuery({ ...checkedQuery(run.project, version?.document), enabled: version !== undefined })
  const stopped = ['refused', 'failed', 'cancelled', 'expired'].includes(run.state)
  const flow = useMemo(() => {
    if (checked?.picture == null) return undefined
    const figures = run.steps.map((step) => ({ ...step, state: (stopped && step.state === 'running' ? 'stopped' : step.state) as FlowNode['state'] }))
    return flowOf(checked.picture, boxesOf(figures), words)
  }, [checked, run.steps, stopped, words])
  if (flow === undefined) return null
  return (
    <Section id="picture" title={t('picture.title')}>
      <Flow title={t('picture.about')} nodes={flow.nodes} edges={flow.edges} />
    </Section>
  )
}
