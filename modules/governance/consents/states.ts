import { stateMachine } from '@gatehouse/core/state-machine'

/**
 * The life of a consent. `given` is in force from its beginning to its end; time alone makes it `expired`, nobody writes that
 * down. One that is over may still be withdrawn, so that whoever received something under it is told.
 */
export const consentLife = stateMachine<'given' | 'withdrawn' | 'expired' | 'superseded', 'withdraw' | 'expire' | 'supersede'>('consent', 'given', [
  { from: 'given', on: 'withdraw', to: 'withdrawn' },
  { from: 'given', on: 'expire', to: 'expired' },
  { from: 'given', on: 'supersede', to: 'superseded' },
  { from: 'expired', on: 'withdraw', to: 'withdrawn' },
])
