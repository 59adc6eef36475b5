import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { User } from './queries.ts'

export const userStates: Readonly<Record<User['status'], Tone>> = { active: 'permit', invited: 'info', disabled: 'neutral' }

export function UserState({ status }: { readonly status: User['status'] }) {
  const { t } = useTranslation('governance.people')
  return <StateChip tone={userStates[status]}>{t(`status.${status}`)}</StateChip>
}
