import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Source } from './queries.ts'

export const healthTones: Readonly<Record<Source['health']['state'], Tone>> = {
  unknown: 'neutral',
  healthy: 'permit',
  unreachable: 'deny',
  refused: 'deny',
  drifted: 'attention',
}

export function Health({ source }: { readonly source: Pick<Source, 'health' | 'state'> }) {
  const { t } = useTranslation('custody.sources')
  if (source.state === 'paused') return <StateChip tone="neutral">{t('state.paused')}</StateChip>
  return <StateChip tone={healthTones[source.health.state]}>{t(`health.${source.health.state}`)}</StateChip>
}
