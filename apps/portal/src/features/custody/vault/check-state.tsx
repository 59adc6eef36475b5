import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { StateChip } from '../../../ui/state-chip.tsx'

export function CheckState({ faults }: { readonly faults: number }) {
  const { t } = useTranslation('custody.vault')
  const format = useFormat()
  return faults === 0 ? (
    <StateChip tone="permit">{t('check.good')}</StateChip>
  ) : (
    <StateChip tone="deny">{t('check.bad', { count: faults, number: format.number(faults) })}</StateChip>
  )
}
