import { Button, Group, Paper, Stack, Textarea } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { save } from '../../../ui/record-list/export.ts'
import { ShortId } from '../../../ui/short-id.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { More } from './more.tsx'
import { type Consent, readReceipt, withdrawConsent } from './queries.ts'
import { ConsentState } from './state.tsx'

export function ConsentCard({ consent, userId }: { readonly consent: Consent; readonly userId: string }) {
  const { t } = useTranslation('governance.consents')
  const format = useFormat()
  const can = useCan()
  const everyOr = (names: readonly string[], every: string) => (names.includes('*') ? every : format.list(names))
  const downloading = useMutation({
    mutationFn: async () => saveReceipt(consent.id, await readReceipt(consent.id, userId)),
  })
  return (
    <Paper component="article" withBorder p="md" aria-label={t('one', { purposes: format.list(consent.purposes) })}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <ConsentState state={consent.state} />
          <Group gap="xs">
            <Button
              variant="default"
              size="compact-md"
              leftSection={<IconDownload size={14} aria-hidden />}
              onClick={() => downloading.mutate()}
              loading={downloading.isPending}
            >
              {t('receipt')}
            </Button>
            {(consent.state === 'in_force' || consent.state === 'not_yet') && can('update', 'consent') ? (
              <Withdraw consent={consent.id} userId={userId} />
            ) : null}
          </Group>
        </Group>
        <ProblemAlert error={downloading.error} />
        <Facts
          facts={[
            { label: t('term.purposes'), value: format.list(consent.purposes) },
            { label: t('term.recipients'), value: everyOr(consent.recipients, t('term.everyPartner')) },
            { label: t('term.dataClasses'), value: everyOr(consent.data_classes, t('term.everyType')) },
            { label: t('term.from'), value: <Moment at={consent.from} /> },
            { label: t('term.until'), value: consent.until === null ? t('term.endless') : <Moment at={consent.until} /> },
            { label: t('term.method'), value: t(`method.${consent.method}`) },
            ...(consent.evidence_reference === null ? [] : [{ label: t('term.evidence'), value: consent.evidence_reference }]),
            ...(consent.withdrawn_at === null ? [] : [{ label: t('term.withdrawn'), value: <Moment at={consent.withdrawn_at} /> }]),
            { label: t('term.version'), value: consent.version },
            { label: t('term.id'), value: <ShortId id={consent.id} /> },
          ]}
        />
        <More consent={consent.id} userId={userId} />
      </Stack>
    </Paper>
  )
}

/** Named by the consent alone: a file's name is seen by many. */
export function saveReceipt(consent: string, receipt: object): void {
  save(`consent-receipt-${consent.slice(-8)}.json`, 'application/json', `${JSON.stringify(receipt, undefined, 2)}\n`)
}

function Withdraw({ consent, userId }: { readonly consent: string; readonly userId: string }) {
  const { t } = useTranslation('governance.consents')
  const [reason, setReason] = useState('')
  return (
    <ConfirmButton
      label={t('withdraw.label')}
      title={t('withdraw.title')}
      consequence={t('withdraw.consequence')}
      confirm={t('withdraw.confirm')}
      act={() => withdrawConsent(consent, { user_id: userId, ...(reason.trim() === '' ? {} : { reason }) })}
    >
      <Textarea
        label={t('withdraw.reason')}
        description={t('withdraw.reasonHint')}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmButton>
  )
}
