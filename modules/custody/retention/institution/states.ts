import { stateMachine } from '@gatehouse/core/state-machine'

export const institutionStates = ['waiting', 'held', 'erasing', 'erased', 'certified', 'cancelled'] as const
export type InstitutionState = (typeof institutionStates)[number]

/** Two operators have asked. Until it begins it can be cancelled; from there on it only goes forward. */
export const institutionLife = stateMachine<InstitutionState, 'cancel' | 'hold' | 'release' | 'begin' | 'forget' | 'certify'>(
  'institution erasure',
  'waiting',
  [
    { from: 'waiting', on: 'cancel', to: 'cancelled' },
    { from: 'waiting', on: 'hold', to: 'held' },
    { from: 'held', on: 'release', to: 'waiting' },
    { from: 'held', on: 'cancel', to: 'cancelled' },
    { from: 'waiting', on: 'begin', to: 'erasing' },
    { from: 'erasing', on: 'forget', to: 'erased' },
    { from: 'erased', on: 'certify', to: 'certified' },
  ],
)
