import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Import } from './queries.ts'

export const importTones: Readonly<Record<Import['status'], Tone>> = {
  open: 'neutral',
  running: 'info',
  finished: 'permit',
  failed: 'deny',
  stopped: 'attention',
}

export function ImportState({ status }: { readonly status: Import['status'] }) {
  const { t } = useTranslation('custody.imports')
  return <StateChip tone={importTones[status]}>{t(`state.${status}`)}</StateChip>
}
