import { Group, Paper, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { asWords } from '../disclosures/plain.ts'
import { More } from './more.tsx'
import { type MyConsent, withdrawMyConsent } from './queries.ts'

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
        {consent.state === 'in_force' || consent.state === 'not_yet' ? <Withdraw consent={consent.id} words={words} onWithdrawn={onWithdrawn} /> : null}
        <More consent={consent} />
      </Stack>
    </Paper>
  )
}

interface Terms {
  readonly recipients: string
  readonly data: string
  readonly purposes: string
}

function useTerms({ recipients, data_classes, purposes }: MyConsent): Terms {
  const { t } = useTranslation('me.consents')
  const format = useFormat()
  const everybody = recipients.some(({ reference }) => reference === '*')
  return {
    recipients: everybody ? t('everybody') : format.list(recipients.map(({ reference, name }) => name ?? asWords(reference))),
    data: data_classes.includes('*') ? t('everything') : t('records', { kinds: format.list(data_classes.map((kind) => t('quoted', { text: asWords(kind) }))) }),
    purposes: format.list(purposes.map(({ label }) => t('quoted', { text: label }))),
  }
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
