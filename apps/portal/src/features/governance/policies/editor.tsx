import { Alert, Button, Grid, Group, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core'
import { IconArrowLeft, IconArrowRight, IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Growing } from '../../../ui/growing.tsx'
import { JsonEditor } from '../../../ui/json/json-editor.tsx'
import { LoadingState } from '../../../ui/states.tsx'
import { Steps } from '../../../ui/steps.tsx'
import { newPermission, type PolicyDocument } from './document.ts'
import type { Draft } from './draft.ts'
import { FieldsForm } from './fields-step.tsx'
import { LimitsForm } from './limits-step.tsx'
import { ProhibitionsForm } from './prohibitions.tsx'
import { Rules } from './rules.tsx'
import type { StepName } from './step-names.ts'
import { PolicyTrial } from './trial.tsx'
import { PolicyForm, WhoForm } from './who-step.tsx'

interface EditorProps {
  readonly draft: Draft
  readonly steps: readonly StepName[]
  readonly step: StepName
  readonly onStep: (step: StepName) => void
  /** Drawn in place of the first step, where there is one. */
  readonly begin?: ReactNode
  /** Stands at the end of the last step: the button that saves, and what came of it. */
  readonly save: ReactNode
}

/** In which step a fault is mended. */
function stepOf(pointer: string): StepName {
  const [, kind, , member] = pointer.split('/')
  if (kind === 'prohibition') return 'limits'
  if (kind !== 'permission') return 'who'
  if (member === 'fields') return 'fields'
  return member === 'constraint' || member === 'duty' || member === 'token_ttl_max_seconds' ? 'limits' : 'who'
}

/** A policy being written: forms step by step or its JSON, and beside it what it says and does so far. */
export function PolicyEditor({ draft, steps, step, onStep, begin, save }: EditorProps) {
  const { t } = useTranslation('governance.policies')
  const [view, setView] = useState<'form' | 'json'>('form')
  const begun = step !== 'begin'
  const at = steps.indexOf(step)
  const [before, after] = [steps[at - 1], steps[at + 1]]
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Steps
          steps={steps}
          nameOf={(name) => t(`step.${name}`)}
          current={step}
          onChoose={onStep}
          faulty={new Set(draft.faults.map(({ pointer }) => stepOf(pointer)))}
          open={draft.text !== 'null'}
        />
        {begun ? (
          <SegmentedControl
            aria-label={t('view.label')}
            value={view}
            onChange={(value) => setView(value === 'json' ? 'json' : 'form')}
            data={[
              { value: 'form', label: t('view.form') },
              { value: 'json', label: t('view.json') },
            ]}
          />
        ) : null}
      </Group>
      {begun ? (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Stack gap="md">
              {view === 'json' ? (
                <JsonEditor label={t('view.document')} text={draft.text} onChange={draft.write} errors={draft.faults} rows={28} />
              ) : (
                <Forms draft={draft} step={step} />
              )}
              {step === 'check' ? save : null}
              <Group justify="space-between">
                {before === undefined ? (
                  <span />
                ) : (
                  <Button variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={() => onStep(before)}>
                    {t('steps.back')}
                  </Button>
                )}
                {after === undefined ? null : (
                  <Button rightSection={<IconArrowRight size={16} aria-hidden />} onClick={() => onStep(after)}>
                    {t('steps.next')}
                  </Button>
                )}
              </Group>
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <GrowingPolicy draft={draft} step={step} />
          </Grid.Col>
        </Grid>
      ) : (
        begin
      )}
    </Stack>
  )
}

function Forms({ draft, step }: { readonly draft: Draft; readonly step: StepName }) {
  const { t } = useTranslation('governance.policies')
  const [chosen, choose] = useState(0)
  const { policy, faults, change } = draft
  if (policy === undefined) return <Alert variant="default">{t('view.noForm')}</Alert>
  if (step === 'check') return <Check draft={draft} policy={policy} />
  const at = Math.min(chosen, policy.permission.length - 1)
  const form = { policy, faults, change, at }
  return (
    <Stack gap="lg">
      <Title order={2}>{t(`step.${step}`)}</Title>
      {step === 'who' ? <PolicyForm policy={policy} faults={faults} change={change} /> : null}
      {step !== 'who' && policy.permission.length < 2 ? null : (
        <Group align="flex-end" gap="sm">
          {policy.permission.length < 2 ? null : (
            <Select
              label={t('rule')}
              data={policy.permission.map(({ uid, title }, index) => ({ value: String(index), label: title ?? uid }))}
              value={String(at)}
              onChange={(value) => choose(Number(value))}
              allowDeselect={false}
            />
          )}
          {step !== 'who' ? null : (
            <Button
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => {
                change(['permission'], [...policy.permission, newPermission(policy)])
                choose(policy.permission.length)
              }}
            >
              {t('addRule')}
            </Button>
          )}
          {step !== 'who' || policy.permission.length < 2 ? null : (
            <ConfirmButton
              label={t('removeRule.label')}
              title={t('removeRule.title')}
              consequence={t('removeRule.consequence', { rule: policy.permission[at]?.title ?? policy.permission[at]?.uid })}
              confirm={t('removeRule.confirm')}
              act={async () => change(['permission', at], undefined)}
            />
          )}
        </Group>
      )}
      {at < 0 ? <Text c="dimmed">{t('noPermissionRule')}</Text> : null}
      {step === 'who' ? <WhoForm {...form} /> : null}
      {step === 'fields' ? <FieldsForm {...form} /> : null}
      {step === 'limits' ? <LimitsForm {...form} /> : null}
      {step === 'limits' ? <ProhibitionsForm policy={policy} faults={faults} change={change} /> : null}
    </Stack>
  )
}

function Check({ draft, policy }: { readonly draft: Draft; readonly policy: PolicyDocument }) {
  const { t } = useTranslation('governance.policies')
  return (
    <Stack gap="md">
      <Title order={2}>{t('try.title')}</Title>
      {draft.faults.length > 0 ? <Faults draft={draft} /> : <PolicyTrial policy={policy} subject={{ document: policy }} />}
    </Stack>
  )
}

function Faults({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation('governance.policies')
  return (
    <Alert color="red" title={t('faults.title', { count: draft.faults.length })} role="alert">
      <ul style={{ margin: 0 }} lang="en">
        {draft.faults.map(({ pointer, detail }) => (
          <li key={`${pointer} ${detail}`}>
            <code>{pointer === '' ? '/' : pointer}</code>: {detail}
          </li>
        ))}
      </ul>
    </Alert>
  )
}

/** The policy as it reads so far, and while masks are chosen also what they make of a record. */
function GrowingPolicy({ draft, step }: { readonly draft: Draft; readonly step: StepName }) {
  const { t } = useTranslation('governance.policies')
  return (
    <Growing word={(name) => t(`growing.${name}`)} draft={draft} gap="sm">
      {draft.faults.length > 0 ? <Faults draft={draft} /> : null}
      {draft.explained === undefined ? (
        draft.faults.length > 0 || draft.error !== null || !draft.reading.ok ? null : (
          <LoadingState />
        )
      ) : (
        <Rules document={draft.policy} explained={draft.explained} />
      )}
      {step === 'fields' && draft.policy !== undefined && draft.faults.length === 0 ? (
        <>
          <Title order={2}>{t('try.title')}</Title>
          <PolicyTrial policy={draft.policy} subject={{ document: draft.policy }} />
        </>
      ) : null}
    </Growing>
  )
}
