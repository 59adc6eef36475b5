import { stateMachine } from '@gatehouse/core/state-machine'

export const lookStates = ['waiting', 'looking', 'done', 'failed', 'cancelled', 'broken_off'] as const
export type LookState = (typeof lookStates)[number]

/** `broken_off`: the process that looked has fallen silent, so it was killed or stopped. */
export const lookLife = stateMachine<LookState, 'take' | 'keep' | 'fail' | 'cancel' | 'fall_silent'>('look', 'waiting', [
  { from: 'waiting', on: 'take', to: 'looking' },
  { from: 'waiting', on: 'cancel', to: 'cancelled' },
  { from: 'looking', on: 'keep', to: 'done' },
  { from: 'looking', on: 'fail', to: 'failed' },
  { from: 'looking', on: 'cancel', to: 'cancelled' },
  { from: 'looking', on: 'fall_silent', to: 'broken_off' },
])
