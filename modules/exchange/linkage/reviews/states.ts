import { stateMachine } from '@gatehouse/core/state-machine'

export const reviewStates = ['open', 'closed'] as const
export type ReviewState = (typeof reviewStates)[number]
export const reviewLife = stateMachine<ReviewState, 'close'>('link review', 'open', [{ from: 'open', on: 'close', to: 'closed' }])

export const pairStates = ['open', 'disputed', 'link', 'no_link', 'left_open'] as const
export type PairState = (typeof pairStates)[number]
export type PairEvent = 'differ' | 'join' | 'part' | 'leave'

/** The life of a doubtful pair: where opinions differ another one is asked for. What is decided stays decided. */
export const pairLife = stateMachine<PairState, PairEvent>('doubtful pair', 'open', [
  { from: 'open', on: 'differ', to: 'disputed' },
  { from: 'open', on: 'join', to: 'link' },
  { from: 'open', on: 'part', to: 'no_link' },
  { from: 'open', on: 'leave', to: 'left_open' },
  { from: 'disputed', on: 'join', to: 'link' },
  { from: 'disputed', on: 'part', to: 'no_link' },
  { from: 'disputed', on: 'leave', to: 'left_open' },
])
