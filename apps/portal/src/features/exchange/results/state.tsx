import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { ResultRow } from './queries.ts'

export const resultTones: Readonly<Record<ResultRow['state'], Tone>> = { held: 'attention', released: 'permit', ended: 'neutral' }

export function ResultState({ state, partial = false }: { readonly state: ResultRow['state']; readonly partial?: boolean }) {
  const { t } = useTranslation('exchange.results')
  return (
    <>
      <StateChip tone={resultTones[state]}>{t(`state.${state}`)}</StateChip>
      {partial ? <StateChip tone="attention">{t('partial.chip')}</StateChip> : null}
    </>
  )
}
