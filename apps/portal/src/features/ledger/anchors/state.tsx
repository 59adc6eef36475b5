import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Anchor } from './queries.ts'
import { type Told, toldOf } from './story.ts'

const tones: Readonly<Record<Told, Tone>> = {
  pending: 'attention',
  failing: 'deny',
  reorganised: 'attention',
  sent: 'info',
  confirmed: 'permit',
  final: 'permit',
  superseded: 'neutral',
}

export function AnchorState({ anchor }: { readonly anchor: Pick<Anchor, 'state' | 'losses' | 'last_error'> }) {
  const { t } = useTranslation('ledger.anchors')
  const told = toldOf(anchor)
  return <StateChip tone={tones[told]}>{t(`state.${told}`)}</StateChip>
}
