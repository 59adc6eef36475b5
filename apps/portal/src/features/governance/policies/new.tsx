import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../../session.ts'
import { written } from '../../../ui/json/use-document.ts'
import { LeaveGuard } from '../../../ui/leave-guard.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { BeginStep } from './begin-step.tsx'
import { useDraft } from './draft.ts'
import { PolicyEditor } from './editor.tsx'
import { createPolicy, policiesKey } from './queries.ts'
import { type StepName, stepNames } from './step-names.ts'

/** A policy from its template to its first version. */
export function NewPolicyPage() {
  const { t } = useTranslation('governance.policies')
  const navigate = useNavigate()
  const draft = useDraft(null)
  const [step, setStep] = useState<StepName>('begin')
  const saved = useRef(false)
  const saving = useMutation({
    mutationFn: () => createPolicy(draft.reading.ok ? draft.reading.value : undefined),
    onSuccess: async ({ policy }) => {
      saved.current = true
      await queryClient.invalidateQueries({ queryKey: policiesKey })
      void say(t('save.created'))
      await navigate({ to: '/governance/policies/$policy', params: { policy } })
    },
  })
  return (
    <Page title={t('new.title')} about={t('new.about')}>
      <LeaveGuard unsaved={() => draft.text !== 'null' && !saved.current} />
      <PolicyEditor
        draft={draft}
        steps={stepNames}
        step={step}
        onStep={setStep}
        begin={
          <BeginStep
            onBegin={(document) => {
              draft.write(written(document))
              setStep('who')
            }}
          />
        }
        save={
          <Stack gap="sm">
            <ProblemAlert error={saving.error} />
            <Text size="sm" c="dimmed">
              {t('save.about')}
            </Text>
            <Group>
              <Button onClick={() => saving.mutate()} loading={saving.isPending} disabled={!draft.sound}>
                {t('save.create')}
              </Button>
            </Group>
          </Stack>
        }
      />
    </Page>
  )
}
