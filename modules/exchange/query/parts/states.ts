import { stateMachine } from '@gatehouse/core/state-machine'

export const partStates = ['asked', 'delivered', 'working', 'awaiting_approval', 'answered', 'refused', 'expired', 'cancelled'] as const
export type PartState = (typeof partStates)[number]
export type PartEvent = 'deliver' | 'work' | 'await_approval' | 'answer' | 'refuse' | 'expire' | 'cancel' | 'ask_again'

/** The node has not said its last word. */
export const openPartStates = ['asked', 'delivered', 'working', 'awaiting_approval'] as const satisfies readonly PartState[]
export const isOpen = (state: PartState): boolean => (openPartStates as readonly PartState[]).includes(state)

const ends = (from: PartState) => [
  { from, on: 'answer' as const, to: 'answered' as const },
  { from, on: 'refuse' as const, to: 'refused' as const },
  { from, on: 'expire' as const, to: 'expired' as const },
  { from, on: 'cancel' as const, to: 'cancelled' as const },
]

/** The part of a run that another node carries out, as the node sees it that asked. Messages may overtake one another. */
export const partLife = stateMachine<PartState, PartEvent>('part of a query run', 'asked', [
  { from: 'asked', on: 'deliver', to: 'delivered' },
  { from: 'asked', on: 'work', to: 'working' },
  { from: 'asked', on: 'await_approval', to: 'awaiting_approval' },
  ...ends('asked'),
  { from: 'delivered', on: 'work', to: 'working' },
  { from: 'delivered', on: 'await_approval', to: 'awaiting_approval' },
  ...ends('delivered'),
  { from: 'awaiting_approval', on: 'work', to: 'working' },
  ...ends('awaiting_approval'),
  ...ends('working'),
  { from: 'answered', on: 'ask_again', to: 'asked' },
])
