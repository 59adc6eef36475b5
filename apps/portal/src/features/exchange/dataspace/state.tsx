import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'

const tones: Readonly<Record<string, Tone>> = {
  REQUESTED: 'info',
  OFFERED: 'attention',
  ACCEPTED: 'info',
  AGREED: 'info',
  VERIFIED: 'info',
  FINALIZED: 'permit',
  STARTED: 'info',
  SUSPENDED: 'attention',
  COMPLETED: 'permit',
  TERMINATED: 'neutral',
}

export function ProcessState({ state }: { readonly state: string }) {
  const { t } = useTranslation('exchange.dataspace')
  return <StateChip tone={tones[state] ?? 'neutral'}>{t(`state.${state}`, state)}</StateChip>
}
