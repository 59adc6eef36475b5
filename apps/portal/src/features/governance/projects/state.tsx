import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Project } from './queries.ts'

export const projectStates: Readonly<Record<Project['state'], Tone>> = { draft: 'info', active: 'permit', suspended: 'attention', ended: 'neutral' }

export function ProjectState({ state }: { readonly state: Project['state'] }) {
  const { t } = useTranslation('governance.projects')
  return <StateChip tone={projectStates[state]}>{t(`state.${state}`)}</StateChip>
}
