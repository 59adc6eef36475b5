import { Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { More } from './more.tsx'
import { confirmMyConsent, type MyConsent, withdrawMyConsent } from './queries.ts'
import { type Terms, useTerms } from './terms.ts'

const tones = { in_force: 'permit', not_yet: 'info', expired: 'neutral', withdrawn: 'neutral', superseded: 'neutral' } as const

export function ConsentCard({ consent, onWithdrawn }: { readonly consent: MyConsent; readonly onWithdrawn: () => void }) {
  const { t } = useTranslation('me.consents')
  const format = useFormat()
  const words = useTerms(consent)
  return (
    <Paper component="article" withBorder p="md">
      <Stack gap="sm" align="flex-start">
        <StateChip tone={tones[consent.state]}>{t(`state.${consent.state}`)}</StateChip>
        <Text>{t(`sentence.${consent.state}`, { ...words })}</Text>
        <Text size="sm" c="dimmed">
          {t(`method.${consent.method}`, { day: format.longDay(consent.given_at) })}{' '}
          {consent.withdrawn_at !== null
            ? t('withdrawnOn', { day: format.longDay(consent.withdrawn_at) })
            : consent.superseded_at !== null
              ? t('supersededOn', { day: format.longDay(consent.superseded_at) })
              : consent.until === null
                ? t('endless')
                : // The end is the first moment at which it no longer holds; a person reads the last day.
                  t(consent.state === 'expired' ? 'ended' : 'until', { day: format.longDay(Date.parse(consent.until) - 1) })}
          {consent.state === 'not_yet' ? ` ${t('begins', { day: format.longDay(consent.from) })}` : ''}
        </Text>
        {consent.given_by === null ? null : (
          <Text size="sm" c="dimmed">
            {t(`capacity.${consent.given_by.capacity}`)}
            {consent.confirmed_at === null ? '' : ` ${t('confirmedOn', { day: format.longDay(consent.confirmed_at) })}`}
          </Text>
        )}
        {consent.to_confirm ? <Confirm consent={consent.id} /> : null}
        {consent.state === 'in_force' || consent.state === 'not_yet' ? <Withdraw consent={consent.id} words={words} onWithdrawn={onWithdrawn} /> : null}
        <More consent={consent} />
      </Stack>
    </Paper>
  )
}

/** What a guardian agreed to, to somebody who decides alone by now. */
function Confirm({ consent }: { readonly consent: string }) {
  const { t } = useTranslation('me.consents')
  const confirming = useMutation({ mutationFn: () => confirmMyConsent(consent) })
  return (
    <Stack gap="xs" align="flex-start">
      <Text>{t('confirm.about')}</Text>
      <ProblemAlert error={confirming.error} />
      <Button onClick={() => confirming.mutate()} loading={confirming.isPending}>
        {t('confirm.label')}
      </Button>
    </Stack>
  )
}

function Withdraw({ consent, words, onWithdrawn }: { readonly consent: string; readonly words: Terms; readonly onWithdrawn: () => void }) {
  const { t } = useTranslation('me.consents')
  const [reason, setReason] = useState('')
  return (
    <Group>
      <ConfirmButton
        label={t('withdraw.label')}
        title={t('withdraw.title')}
        consequence={
          <Stack gap="xs">
            <Text>{t('withdraw.from', { ...words })}</Text>
            <Text>{t('withdraw.past')}</Text>
            <Text>{t('withdraw.again')}</Text>
          </Stack>
        }
        confirm={t('withdraw.confirm')}
        act={async () => {
          await withdrawMyConsent(consent, reason)
          onWithdrawn()
        }}
      >
        <Textarea
          label={t('withdraw.reason')}
          description={t('withdraw.reasonHint')}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </ConfirmButton>
    </Group>
  )
}
