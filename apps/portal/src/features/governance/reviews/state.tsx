import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { ReviewItem } from './queries.ts'

export const reviewStates: Readonly<Record<ReviewItem['state'], Tone>> = {
  submitted: 'attention',
  partially_reviewed: 'attention',
  reviewed: 'attention',
  returned: 'info',
  approved: 'permit',
  rejected: 'deny',
  withdrawn: 'neutral',
  expired: 'neutral',
}

export function ReviewState({ state }: { readonly state: ReviewItem['state'] }) {
  const { t } = useTranslation('governance.reviews')
  return <StateChip tone={reviewStates[state]}>{t(`state.${state}`)}</StateChip>
}

export const choiceTones: Readonly<Record<'approve' | 'changes_requested' | 'reject', Tone>> = { approve: 'permit', changes_requested: 'info', reject: 'deny' }
