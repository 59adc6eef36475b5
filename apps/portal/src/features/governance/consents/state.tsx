import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Consent } from './queries.ts'

const tones: Readonly<Record<Consent['state'], Tone>> = { in_force: 'permit', not_yet: 'info', expired: 'neutral', withdrawn: 'deny', superseded: 'neutral' }

export function ConsentState({ state }: { readonly state: Consent['state'] }) {
  const { t } = useTranslation('governance.consents')
  return <StateChip tone={tones[state]}>{t(`state.${state}`)}</StateChip>
}
