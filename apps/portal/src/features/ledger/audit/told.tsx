import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Entry } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'

/** What happened, in plain words. @param partner the name of the partner concerned, where it is known */
export function Told({ body, partner }: { readonly body: Entry['body']; readonly partner: string | undefined }) {
  const { t } = useTranslation('ledger.audit')
  const format = useFormat()
  const { actor, decision, purpose, subject_c, details } = body
  const reasons = Array.isArray(details?.reasons) ? details.reasons.filter((reason) => typeof reason === 'string') : []
  const sentences = [
    t('told.act', { act: t(`entry.${body.type.replaceAll('.', '-')}`, body.type), actor: t(`told.actor.${actor.kind}`, actor.kind) }),
    partner === undefined ? undefined : t('told.partner', { partner }),
    purpose === undefined ? undefined : t('told.purpose', { purpose }),
    decision === undefined ? undefined : t(`told.decision.${decision}`),
    reasons.length === 0 ? undefined : t('told.reasons', { reasons: format.list(reasons.map((code) => t(`reason.${code}`, code))) }),
    subject_c === undefined ? undefined : t('told.subject'),
  ]
  return (
    <Text size="lg" maw={720}>
      {sentences.filter((sentence) => sentence !== undefined).join(' ')}
    </Text>
  )
}
