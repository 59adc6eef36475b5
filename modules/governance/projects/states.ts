import type { Instant } from '@gatehouse/core/instant'
import { stateMachine } from '@gatehouse/core/state-machine'

export const projectStates = ['draft', 'active', 'suspended', 'ended'] as const
export type ProjectState = (typeof projectStates)[number]
export type ProjectEvent = 'begin' | 'suspend' | 'resume' | 'end'

/** The life of a project. Rights hold in it while it is active, and nothing leads back from its end. */
export const projectLife = stateMachine<ProjectState, ProjectEvent>('project', 'draft', [
  { from: 'draft', on: 'begin', to: 'active' },
  { from: 'active', on: 'suspend', to: 'suspended' },
  { from: 'suspended', on: 'resume', to: 'active' },
  { from: 'draft', on: 'end', to: 'ended' },
  { from: 'active', on: 'end', to: 'ended' },
  { from: 'suspended', on: 'end', to: 'ended' },
])

/** At its end a project is over, whether or not somebody says so. */
export function stateAt({ state, ends_at }: { readonly state: ProjectState; readonly ends_at: Instant }, now: Instant): ProjectState {
  return ends_at <= now ? 'ended' : state
}
