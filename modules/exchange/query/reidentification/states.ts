import { stateMachine } from '@gatehouse/core/state-machine'

export const reidentificationStates = ['asked', 'answered', 'failed', 'closed'] as const
export type ReidentificationState = (typeof reidentificationStates)[number]

/** `closed`: both have opened the answer, or its hour is over; nothing of it is kept. */
export const reidentificationLife = stateMachine<ReidentificationState, 'answer' | 'fail' | 'close'>('re-identification', 'asked', [
  { from: 'asked', on: 'answer', to: 'answered' },
  { from: 'asked', on: 'fail', to: 'failed' },
  { from: 'asked', on: 'close', to: 'closed' },
  { from: 'answered', on: 'close', to: 'closed' },
])
