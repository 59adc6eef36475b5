import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { PolicyItem, VersionSummary } from './queries.ts'

export const policyStates: Readonly<Record<PolicyItem['state'], Tone>> = { draft: 'attention', active: 'permit', retired: 'neutral' }
const versionStates: Readonly<Record<VersionSummary['state'], Tone>> = { draft: 'attention', active: 'permit', superseded: 'neutral', retired: 'neutral' }

export function PolicyState({ state }: { readonly state: PolicyItem['state'] }) {
  const { t } = useTranslation('governance.policies')
  return <StateChip tone={policyStates[state]}>{t(`state.${state}`)}</StateChip>
}

export function VersionState({ state }: { readonly state: VersionSummary['state'] }) {
  const { t } = useTranslation('governance.policies')
  return <StateChip tone={versionStates[state]}>{t(`state.${state}`)}</StateChip>
}
