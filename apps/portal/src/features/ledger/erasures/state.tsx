import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Erasure } from './queries.ts'

const tones: Readonly<Record<Erasure['state'], Tone>> = {
  requested: 'attention',
  approved: 'info',
  held: 'attention',
  destroying: 'info',
  purged: 'info',
  certified: 'permit',
  withdrawn: 'neutral',
}

export function ErasureState({ state }: { readonly state: Erasure['state'] }) {
  const { t } = useTranslation('ledger.erasures')
  return <StateChip tone={tones[state]}>{t(`state.${state}`)}</StateChip>
}
