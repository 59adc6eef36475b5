import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Version } from './queries.ts'

const tones: Readonly<Record<Version['scan'], Tone>> = { pending: 'info', clean: 'permit', infected: 'deny', unscanned: 'attention' }

export function ScanState({ scan }: { readonly scan: Version['scan'] }) {
  const { t } = useTranslation('custody.documents')
  return <StateChip tone={tones[scan]}>{t(`scan.${scan}`)}</StateChip>
}

export function HeldChip() {
  const { t } = useTranslation('custody.documents')
  return <StateChip tone="attention">{t('held')}</StateChip>
}
