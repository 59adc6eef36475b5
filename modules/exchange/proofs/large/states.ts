import { stateMachine } from '@gatehouse/core/state-machine'

export const requestStates = ['queued', 'proving', 'made', 'failed', 'cancelled'] as const
export type RequestState = (typeof requestStates)[number]

/** Why there is none: of the consent and its set, then of the process that was to make it. */
export const requestReasons = [
  'not_in_set',
  'set_too_small',
  'set_too_large',
  'consent_ended',
  'checkpoint_late',
  'not_proven',
  'memory',
  'too_slow',
  'ended',
  'missing',
  'failed',
] as const
export type RequestReason = (typeof requestReasons)[number]

/** The life of a proof that a job makes. A process that was killed leaves `proving` behind, and the next one begins anew. */
export const proofRequestLife = stateMachine<RequestState, 'start' | 'keep' | 'fail' | 'cancel'>('proof request', 'queued', [
  { from: 'queued', on: 'start', to: 'proving' },
  { from: 'queued', on: 'cancel', to: 'cancelled' },
  { from: 'proving', on: 'start', to: 'proving' },
  { from: 'proving', on: 'keep', to: 'made' },
  { from: 'proving', on: 'fail', to: 'failed' },
  { from: 'proving', on: 'cancel', to: 'cancelled' },
])
