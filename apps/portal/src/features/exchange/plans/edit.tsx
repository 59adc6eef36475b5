import { Button, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { written } from '../../../ui/json/use-document.ts'
import { LeaveGuard } from '../../../ui/leave-guard.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { useOfProject, WithProject } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { PlanBuilder } from './builder.tsx'
import { useDraft } from './draft.ts'
import { emptyPlan, type Plan } from './plan.ts'
import { addVersion, createPlan, type PlanDetail, plansKey, readPlan } from './queries.ts'

export function NewPlanPage() {
  const { t } = useTranslation('exchange.plans')
  return (
    <Page title={t('new.title')} about={t('new.about')}>
      <WithProject>{(project) => <Making key={project.id} project={project.id} />}</WithProject>
    </Page>
  )
}

/** A new version, from the latest. */
export function EditPlanPage() {
  const { plan = '' } = useParams({ strict: false }) as { plan?: string }
  // Read once: what somebody else saves meanwhile must not change the text under one's hands.
  const [asked] = useState(plan)
  const query = useOfProject<PlanDetail>([...plansKey, 'edit', asked], (project, signal) => readPlan(project, asked, signal))
  const [begun, begin] = useState<PlanDetail | undefined>(undefined)
  if (begun === undefined && query.data !== undefined && !query.isFetching) begin(query.data)
  return (
    <QueryView whole query={{ ...query, data: begun }}>
      {(found) => <Versioning found={found} />}
    </QueryView>
  )
}

function Versioning({ found }: { readonly found: PlanDetail }) {
  const { t } = useTranslation('exchange.plans')
  return (
    <Page title={t('edit.title', { title: found.title })} about={t('edit.about', { version: found.latest.version })}>
      <Making project={found.project} base={found} />
    </Page>
  )
}

function Making({ project, base }: { readonly project: string; readonly base?: PlanDetail }) {
  const { t } = useTranslation('exchange.plans')
  const navigate = useNavigate()
  const [initial] = useState<unknown>(() => base?.document ?? emptyPlan(t('new.untitled')))
  const draft = useDraft(project, initial)
  const leaving = useRef(false)
  const saving = useMutation({
    mutationFn: async () => {
      const document = draft.reading.ok ? draft.reading.value : undefined
      if (base !== undefined) return { plan: base.id, version: (await addVersion(project, base.id, document)).version }
      return { plan: (await createPlan(project, document as Plan)).id, version: 1 }
    },
    onSuccess: async ({ plan, version }) => {
      leaving.current = true
      void say(t('save.saved', { version }))
      await navigate({ to: `/exchange/plans/${plan}`, search: { project } as never })
    },
  })
  const unchanged = draft.text === written(initial)
  return (
    <>
      <LeaveGuard unsaved={() => !leaving.current && !unchanged} />
      <PlanBuilder
        project={project}
        draft={draft}
        save={
          <>
            <ProblemAlert error={saving.error} />
            <Button onClick={() => saving.mutate()} loading={saving.isPending} disabled={!draft.sound || (base !== undefined && unchanged)}>
              {base === undefined ? t('save.first') : t('save.next', { version: base.latest.version + 1 })}
            </Button>
            {base !== undefined && unchanged ? <Text c="dimmed">{t('save.unchanged')}</Text> : null}
          </>
        }
      />
    </>
  )
}
