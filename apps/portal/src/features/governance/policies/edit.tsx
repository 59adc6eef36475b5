import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GatehouseError } from '../../../api.ts'
import { useNews } from '../../../live.ts'
import { queryClient } from '../../../session.ts'
import { written } from '../../../ui/json/use-document.ts'
import { LeaveGuard } from '../../../ui/leave-guard.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Conflict } from './conflict.tsx'
import { useDraft } from './draft.ts'
import { PolicyEditor } from './editor.tsx'
import { type Policy, policiesKey, policyNews, policyQuery, saveVersion, type Version, versionQuery } from './queries.ts'
import { type StepName, stepNames } from './step-names.ts'

/** A new version, from the newest one. */
export function EditPolicyPage() {
  const { policy = '' } = useParams({ strict: false }) as { policy?: string }
  // Read once: what somebody else saves meanwhile must not change the text under one's hands.
  const [asked] = useState(policy)
  const query = useQuery({ ...policyQuery(asked), queryKey: [...policiesKey, 'edit', asked], staleTime: Number.POSITIVE_INFINITY, gcTime: 0 })
  return (
    <QueryView whole query={query}>
      {(found) => <FromNewest policy={found} />}
    </QueryView>
  )
}

function FromNewest({ policy }: { readonly policy: Policy }) {
  const query = useQuery(versionQuery(policy.id, policy.versions[0]?.version ?? 1))
  return (
    <QueryView whole query={query}>
      {(base) => <Editing base={base} />}
    </QueryView>
  )
}

const steps = stepNames.filter((step) => step !== 'begin')

function Editing({ base: begun }: { readonly base: Version }) {
  const { t } = useTranslation('governance.policies')
  const navigate = useNavigate()
  const [base, setBase] = useState(begun)
  const [step, setStep] = useState<StepName>('who')
  const [theirs, setTheirs] = useState<Version | undefined>(undefined)
  const draft = useDraft(base.document)
  const leaving = useRef(false)

  const lookForOthers = async () => {
    const { versions } = await queryClient.fetchQuery({ ...policyQuery(base.policy), staleTime: 0 })
    const newest = versions[0]?.version ?? base.version
    if (newest > base.version && !leaving.current) setTheirs(await queryClient.fetchQuery({ ...versionQuery(base.policy, newest), staleTime: 0 }))
  }
  const saving = useMutation({
    mutationFn: () => saveVersion(base.policy, draft.reading.ok ? draft.reading.value : undefined, base.version),
    onMutate: () => {
      // One's own version is news too.
      leaving.current = true
    },
    onSuccess: async ({ version }) => {
      await queryClient.invalidateQueries({ queryKey: policiesKey })
      void say(t('save.saved', { version }))
      await navigate({ to: '/governance/policies/$policy', params: { policy: base.policy }, search: { tab: 'versions', version: String(version) } as never })
    },
    onError: async (error) => {
      leaving.current = false
      if (isStale(error)) await lookForOthers()
    },
  })
  useNews(policyNews, (entries) => {
    if (entries.some(({ body }) => body.object?.id === base.policy)) void lookForOthers()
  })
  const goOn = (document: unknown) => {
    if (theirs === undefined) return
    draft.write(written(document))
    setBase(theirs)
    setTheirs(undefined)
    saving.reset()
  }
  return (
    <Page title={t('edit.title', { title: textOf(base.document.title) })} about={t('edit.about', { version: base.version })}>
      <LeaveGuard unsaved={() => !leaving.current && draft.text !== written(base.document)} />
      {theirs === undefined ? null : <Conflict base={base} theirs={theirs} mine={draft.reading.ok ? draft.reading.value : undefined} onGoOn={goOn} />}
      <PolicyEditor
        draft={draft}
        steps={steps}
        step={step}
        onStep={setStep}
        save={
          <Stack gap="sm">
            <ProblemAlert error={saving.error !== null && isStale(saving.error) ? null : saving.error} />
            <Text size="sm" c="dimmed">
              {t('save.aboutVersion', { version: base.version + 1 })}
            </Text>
            <Group>
              <Button
                onClick={() => saving.mutate()}
                loading={saving.isPending}
                disabled={!draft.sound || theirs !== undefined || draft.text === written(base.document)}
              >
                {t('save.version', { version: base.version + 1 })}
              </Button>
              {draft.text === written(base.document) ? (
                <Text size="sm" c="dimmed">
                  {t('save.unchanged')}
                </Text>
              ) : null}
            </Group>
          </Stack>
        }
      />
    </Page>
  )
}

const isStale = (error: Error) => error instanceof GatehouseError && error.problem.type.endsWith('version-stale')
const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
