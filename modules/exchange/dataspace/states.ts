/** The lives that both sides keep, in the protocol's own words. An event is a message, whoever of the two may send it. */
import { stateMachine } from '@gatehouse/core/state-machine'

export const roles = ['provider', 'consumer'] as const
export type Role = (typeof roles)[number]

export const negotiationStates = ['REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED'] as const
export type NegotiationState = (typeof negotiationStates)[number]
export type NegotiationEvent = 'request' | 'offer' | 'accept' | 'agree' | 'verify' | 'finalize' | 'terminate'

export const negotiationLife = stateMachine<NegotiationState, NegotiationEvent>('negotiation of a dataspace', 'REQUESTED', [
  { from: 'REQUESTED', on: 'offer', to: 'OFFERED' },
  { from: 'REQUESTED', on: 'agree', to: 'AGREED' },
  { from: 'REQUESTED', on: 'terminate', to: 'TERMINATED' },
  { from: 'OFFERED', on: 'request', to: 'REQUESTED' },
  { from: 'OFFERED', on: 'accept', to: 'ACCEPTED' },
  { from: 'OFFERED', on: 'terminate', to: 'TERMINATED' },
  { from: 'ACCEPTED', on: 'agree', to: 'AGREED' },
  { from: 'ACCEPTED', on: 'terminate', to: 'TERMINATED' },
  { from: 'AGREED', on: 'verify', to: 'VERIFIED' },
  { from: 'AGREED', on: 'terminate', to: 'TERMINATED' },
  { from: 'VERIFIED', on: 'finalize', to: 'FINALIZED' },
  { from: 'VERIFIED', on: 'terminate', to: 'TERMINATED' },
])

export const transferStates = ['REQUESTED', 'STARTED', 'SUSPENDED', 'COMPLETED', 'TERMINATED'] as const
export type TransferState = (typeof transferStates)[number]
export type TransferEvent = 'start' | 'suspend' | 'resume' | 'complete' | 'terminate'

/** `start` and `resume` are one message: the first is the provider's, and either side may go on with what was suspended. */
export const transferLife = stateMachine<TransferState, TransferEvent>('transfer of a dataspace', 'REQUESTED', [
  { from: 'REQUESTED', on: 'start', to: 'STARTED' },
  { from: 'REQUESTED', on: 'terminate', to: 'TERMINATED' },
  { from: 'STARTED', on: 'suspend', to: 'SUSPENDED' },
  { from: 'STARTED', on: 'complete', to: 'COMPLETED' },
  { from: 'STARTED', on: 'terminate', to: 'TERMINATED' },
  { from: 'SUSPENDED', on: 'resume', to: 'STARTED' },
  { from: 'SUSPENDED', on: 'terminate', to: 'TERMINATED' },
])

export type State = NegotiationState | TransferState
export type ProtocolEvent = NegotiationEvent | TransferEvent
export type Kind = 'negotiation' | 'transfer'

const senders: Readonly<Record<ProtocolEvent, Role | 'either'>> = {
  request: 'consumer',
  offer: 'provider',
  accept: 'consumer',
  agree: 'provider',
  verify: 'consumer',
  finalize: 'provider',
  terminate: 'either',
  start: 'provider',
  suspend: 'either',
  resume: 'either',
  complete: 'either',
}

/** Where the event of that sender leads, or `undefined` where there is no such step or it is the other side's. */
export function stateAfter(kind: Kind, state: State, event: ProtocolEvent, sender: Role): State | undefined {
  if (senders[event] !== 'either' && senders[event] !== sender) return undefined
  return kind === 'negotiation'
    ? negotiationLife.next(state as NegotiationState, event as NegotiationEvent)
    : transferLife.next(state as TransferState, event as TransferEvent)
}

export const isOver = (state: State): boolean => state === 'FINALIZED' || state === 'TERMINATED' || state === 'COMPLETED'

export const otherRole = (role: Role): Role => (role === 'provider' ? 'consumer' : 'provider')
