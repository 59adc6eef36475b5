import { stateMachine } from '@gatehouse/core/state-machine'

/** What a node sent to a linkage unit: until the unit has said its last word. */
export type EncodingState = 'sent' | 'grouped' | 'refused'

export type ComparisonState = 'waiting' | 'compared' | 'refused' | 'cancelled'
export type ComparisonEvent = 'compare' | 'refuse' | 'cancel'

/** What a linkage unit was asked to compare, as it sees it. */
export const comparisonLife = stateMachine<ComparisonState, ComparisonEvent>('comparison of a linkage unit', 'waiting', [
  { from: 'waiting', on: 'compare', to: 'compared' },
  { from: 'waiting', on: 'refuse', to: 'refused' },
  { from: 'waiting', on: 'cancel', to: 'cancelled' },
])
