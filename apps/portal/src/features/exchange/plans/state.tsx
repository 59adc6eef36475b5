import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Approval } from './queries.ts'

const tones: Readonly<Record<Approval['state'], Tone>> = { not_needed: 'permit', needed: 'attention', asked: 'info', approved: 'permit' }

/** Whether a version may be run as far as approvals go. */
export function ApprovalState({ approval }: { readonly approval: Pick<Approval, 'state'> }) {
  const { t } = useTranslation('exchange.plans')
  return <StateChip tone={tones[approval.state]}>{t(`approval.state.${approval.state}`)}</StateChip>
}
