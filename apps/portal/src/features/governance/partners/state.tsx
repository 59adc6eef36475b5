import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { keyStateAt } from './key-state.ts'
import type { ApiKey, Partner } from './queries.ts'

export const partnerStates: Readonly<Record<Partner['status'], Tone>> = {
  active: 'permit',
  suspended: 'attention',
  expired: 'attention',
  sanctioned: 'deny',
  retired: 'neutral',
}

export function PartnerState({ status }: { readonly status: Partner['status'] }) {
  const { t } = useTranslation('governance.partners')
  return <StateChip tone={partnerStates[status]}>{t(`status.${status}`)}</StateChip>
}

export function ApiKeyState({ apiKey }: { readonly apiKey: Pick<ApiKey, 'revoked_at' | 'expires_at'> }) {
  const { t } = useTranslation('governance.partners')
  const state = keyStateAt(apiKey, Date.now())
  return <StateChip tone={state === 'valid' ? 'permit' : 'neutral'}>{t(`apiKeys.state.${state}`)}</StateChip>
}
