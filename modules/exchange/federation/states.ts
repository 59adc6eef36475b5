import { stateMachine } from '@gatehouse/core/state-machine'

export const peerStates = ['proposed', 'approved', 'suspended', 'revoked'] as const
export type PeerState = (typeof peerStates)[number]
export type PeerEvent = 'approve' | 'suspend' | 'revoke' | 'propose'

/** The life of a peer. A revoked one begins anew with a card that somebody looks at again. */
export const peerLife = stateMachine<PeerState, PeerEvent>('peer', 'proposed', [
  { from: 'proposed', on: 'propose', to: 'proposed' },
  { from: 'proposed', on: 'approve', to: 'approved' },
  { from: 'proposed', on: 'revoke', to: 'revoked' },
  { from: 'approved', on: 'suspend', to: 'suspended' },
  { from: 'approved', on: 'revoke', to: 'revoked' },
  { from: 'suspended', on: 'approve', to: 'approved' },
  { from: 'suspended', on: 'revoke', to: 'revoked' },
  { from: 'revoked', on: 'propose', to: 'proposed' },
])

export const sentStates = ['queued', 'delivered', 'acknowledged', 'refused', 'expired'] as const
export type SentState = (typeof sentStates)[number]
export type SentEvent = 'deliver' | 'acknowledge' | 'refuse' | 'expire'

const answers = (from: SentState) => [
  { from, on: 'acknowledge' as const, to: 'acknowledged' as const },
  { from, on: 'refuse' as const, to: 'refused' as const },
  { from, on: 'expire' as const, to: 'expired' as const },
]

/** The life of a message on the side that sends it: `acknowledged` says that the other side has handled it. */
export const sentLife = stateMachine<SentState, SentEvent>('sent message', 'queued', [
  { from: 'queued', on: 'deliver', to: 'delivered' },
  { from: 'delivered', on: 'deliver', to: 'delivered' },
  // A mailbox may have kept what it did not answer for.
  ...answers('queued'),
  ...answers('delivered'),
])

export const receivedStates = ['fetching', 'ready', 'handled', 'refused', 'expired'] as const
export type ReceivedState = (typeof receivedStates)[number]
export type ReceivedEvent = 'fetched' | 'handle' | 'refuse' | 'expire'

/** The life of a message on the side that it came to: `ready` once it is whole, and handled when all before it in its thread were. */
export const receivedLife = stateMachine<ReceivedState, ReceivedEvent>('received message', 'fetching', [
  { from: 'fetching', on: 'fetched', to: 'ready' },
  { from: 'fetching', on: 'expire', to: 'expired' },
  { from: 'ready', on: 'handle', to: 'handled' },
  { from: 'ready', on: 'refuse', to: 'refused' },
  { from: 'ready', on: 'expire', to: 'expired' },
])
