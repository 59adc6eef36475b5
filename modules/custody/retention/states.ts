import { stateMachine } from '@gatehouse/core/state-machine'

export const erasureStates = ['requested', 'approved', 'held', 'destroying', 'purged', 'certified', 'withdrawn'] as const
export type ErasureState = (typeof erasureStates)[number]

/**
 * The life of an erasure. Until `destroying` it can be withdrawn and a legal hold stops it; from there on it only goes forward,
 * whatever dies in between.
 */
export const erasureLife = stateMachine<ErasureState, 'approve' | 'withdraw' | 'hold' | 'release' | 'begin' | 'purge' | 'certify'>('erasure', 'requested', [
  { from: 'requested', on: 'approve', to: 'approved' },
  { from: 'requested', on: 'withdraw', to: 'withdrawn' },
  { from: 'approved', on: 'withdraw', to: 'withdrawn' },
  { from: 'approved', on: 'hold', to: 'held' },
  { from: 'held', on: 'release', to: 'approved' },
  { from: 'held', on: 'withdraw', to: 'withdrawn' },
  { from: 'approved', on: 'begin', to: 'destroying' },
  { from: 'destroying', on: 'purge', to: 'purged' },
  { from: 'purged', on: 'certify', to: 'certified' },
])
