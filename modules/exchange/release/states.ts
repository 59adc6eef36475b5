import { stateMachine } from '@gatehouse/core/state-machine'

export const releaseStates = ['issued', 'spent', 'delivered', 'undelivered', 'burned', 'cancelled', 'expired'] as const
export type ReleaseState = (typeof releaseStates)[number]

/** The life of a release. `burned`: the token was spent, but the second look refused, so nothing was sent. */
export const releaseLife = stateMachine<ReleaseState, 'redeem' | 'refuse' | 'sent' | 'lost' | 'cancel' | 'expire'>('release', 'issued', [
  { from: 'issued', on: 'redeem', to: 'spent' },
  { from: 'issued', on: 'cancel', to: 'cancelled' },
  { from: 'issued', on: 'expire', to: 'expired' },
  { from: 'spent', on: 'refuse', to: 'burned' },
  { from: 'spent', on: 'sent', to: 'delivered' },
  { from: 'spent', on: 'lost', to: 'undelivered' },
])
