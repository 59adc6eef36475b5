import { Group, Paper, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { ClockCard } from './clock.tsx'
import { advance, lift, type PersonsRequest, requestActs, requestsKey, requestsQuery, type Step } from './queries.ts'

const tones = { received: 'info', identified: 'info', in_work: 'info', extended: 'attention', done: 'permit', refused: 'deny' } as const

/** The steps from a state, as the node's table has them; the node refuses every other. */
const steps: Readonly<Record<PersonsRequest['state'], readonly Step[]>> = {
  received: ['identify', 'refuse'],
  identified: ['begin', 'extend', 'refuse'],
  in_work: ['complete', 'extend', 'refuse'],
  extended: ['complete', 'refuse'],
  done: [],
  refused: [],
}

/** What people ask for under the law, the next to be answered first. */
export function RequestsPage() {
  const { t } = useTranslation('governance.requests')
  const [which, setWhich] = useState<'open' | 'closed'>('open')
  const query = useQuery(requestsQuery(which === 'closed'))
  useLive(requestActs, requestsKey)
  return (
    <Page title={t('title')} about={t('about')}>
      <Stack gap="md">
        <SegmentedControl
          aria-label={t('which')}
          data={[
            { value: 'open', label: t('open') },
            { value: 'closed', label: t('closed') },
          ]}
          value={which}
          onChange={(value) => setWhich(value === 'closed' ? 'closed' : 'open')}
          style={{ alignSelf: 'flex-start' }}
        />
        <QueryView query={query}>
          {(requests) =>
            requests.length === 0 ? (
              <EmptyState title={t('empty.title')} about={t('empty.about')} />
            ) : (
              requests.map((request) => <RequestCard key={request.id} request={request} />)
            )
          }
        </QueryView>
        <ClockCard />
      </Stack>
    </Page>
  )
}

function RequestCard({ request }: { readonly request: PersonsRequest }) {
  const { t } = useTranslation('governance.requests')
  const can = useCan()
  const format = useFormat()
  const may = can('update', 'rights_request')
  return (
    <Paper component="article" withBorder p="md" aria-label={t('one', { kind: t(`kind.${request.kind}`), day: format.day(request.received_at) })}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Group gap="xs">
            <Text fw={600}>{t(`kind.${request.kind}`)}</Text>
            <StateChip tone={tones[request.state]}>{t(`state.${request.state}`)}</StateChip>
            {request.overdue ? <StateChip tone="deny">{t('overdue')}</StateChip> : null}
            {request.restricts ? <StateChip tone="attention">{t('restricts')}</StateChip> : null}
          </Group>
          {may ? (
            <Group gap="xs">
              {steps[request.state].map((step) => (
                <StepButton key={step} request={request.id} step={step} />
              ))}
              {request.restricts ? <Lift request={request.id} /> : null}
            </Group>
          ) : null}
        </Group>
        {request.words === null ? null : <Text style={{ whiteSpace: 'pre-line' }}>{request.words}</Text>}
        <Facts
          facts={[
            { label: t('received'), value: <Moment at={request.received_at} /> },
            { label: t('due'), value: <Moment at={request.due_at} /> },
            { label: t('person'), value: <ShortId id={request.subject} /> },
            ...(request.extension_reason === null ? [] : [{ label: t('extension'), value: request.extension_reason }]),
            ...(request.answer === null ? [] : [{ label: t('answer'), value: request.answer }]),
          ]}
        />
      </Stack>
    </Paper>
  )
}

const silent: readonly Step[] = ['identify', 'begin']

function StepButton({ request, step }: { readonly request: string; readonly step: Step }) {
  const { t } = useTranslation('governance.requests')
  const [reason, setReason] = useState('')
  const needsWords = !silent.includes(step)
  return (
    <ConfirmButton
      label={t(`step.${step}.label`)}
      title={t(`step.${step}.title`)}
      consequence={t(`step.${step}.consequence`)}
      confirm={t(`step.${step}.confirm`)}
      disabled={needsWords && reason.trim() === ''}
      act={() => advance(request, step, reason)}
    >
      {needsWords ? (
        <Textarea
          label={t(`words.${step === 'complete' ? 'answer' : 'reason'}`)}
          description={t('words.hint')}
          required
          maxLength={4000}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      ) : null}
    </ConfirmButton>
  )
}

function Lift({ request }: { readonly request: string }) {
  const { t } = useTranslation('governance.requests')
  const [reason, setReason] = useState('')
  return (
    <ConfirmButton
      label={t('lift.label')}
      title={t('lift.title')}
      consequence={t('lift.consequence')}
      confirm={t('lift.confirm')}
      disabled={reason.trim() === ''}
      act={() => lift(request, reason)}
    >
      <Textarea
        label={t('words.reason')}
        description={t('words.hint')}
        required
        maxLength={4000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmButton>
  )
}
