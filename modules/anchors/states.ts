import { stateMachine } from '@gatehouse/core/state-machine'

export const anchorStates = ['pending', 'sent', 'confirmed', 'final', 'superseded'] as const
export type AnchorState = (typeof anchorStates)[number]

/**
 * The life of an anchor. What a chain takes back (a reorganisation) or never takes goes back to `pending` and is sent again;
 * `superseded` is one that a later checkpoint has made needless before it was confirmed.
 */
export const anchorLife = stateMachine<AnchorState, 'send' | 'confirm' | 'finish' | 'lose' | 'supersede'>('anchor', 'pending', [
  { from: 'pending', on: 'send', to: 'sent' },
  { from: 'pending', on: 'supersede', to: 'superseded' },
  { from: 'sent', on: 'confirm', to: 'confirmed' },
  { from: 'sent', on: 'lose', to: 'pending' },
  { from: 'confirmed', on: 'finish', to: 'final' },
  { from: 'confirmed', on: 'lose', to: 'pending' },
])
