import { stateMachine } from '@gatehouse/core/state-machine'

export const versionStates = ['draft', 'active', 'superseded', 'retired'] as const
export type VersionState = (typeof versionStates)[number]
export type VersionEvent = 'publish' | 'supersede' | 'retire'

/**
 * The life of a version. Publishing one supersedes the active version and every earlier draft, so versions in force only ever
 * rise; going back means saving the old document as a new version.
 */
export const versionLife = stateMachine<VersionState, VersionEvent>('policy version', 'draft', [
  { from: 'draft', on: 'publish', to: 'active' },
  { from: 'draft', on: 'supersede', to: 'superseded' },
  { from: 'active', on: 'supersede', to: 'superseded' },
  { from: 'draft', on: 'retire', to: 'retired' },
  { from: 'active', on: 'retire', to: 'retired' },
])
