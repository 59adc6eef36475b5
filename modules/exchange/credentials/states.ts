import { stateMachine } from '@gatehouse/core/state-machine'

export type OfferState = 'open' | 'accepted' | 'fetched' | 'burned'

/** The life of an offer. `burned`: too many wrong transaction codes, or the second look refused. What is over in time is not moved. */
export const offerLife = stateMachine<OfferState, 'redeem' | 'guess' | 'fetch' | 'refuse'>('credential offer', 'open', [
  { from: 'open', on: 'redeem', to: 'accepted' },
  { from: 'open', on: 'guess', to: 'burned' },
  { from: 'accepted', on: 'fetch', to: 'fetched' },
  { from: 'accepted', on: 'refuse', to: 'burned' },
])
