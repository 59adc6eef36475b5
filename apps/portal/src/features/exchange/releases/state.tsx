import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Release } from './queries.ts'

export const releaseStates: Readonly<Record<Release['state'], Tone>> = {
  issued: 'info',
  spent: 'attention',
  delivered: 'permit',
  undelivered: 'deny',
  burned: 'deny',
  cancelled: 'neutral',
  expired: 'neutral',
}

export function ReleaseState({ state }: { readonly state: Release['state'] }) {
  const { t } = useTranslation('exchange.releases')
  return <StateChip tone={releaseStates[state]}>{t(`state.${state}`)}</StateChip>
}
