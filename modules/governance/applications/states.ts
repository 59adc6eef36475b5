import { stateMachine } from '@gatehouse/core/state-machine'

export const applicationStates = ['sandbox', 'submitted', 'live', 'suspended', 'retired'] as const
export type ApplicationState = (typeof applicationStates)[number]
export type ApplicationEvent = 'submit' | 'return' | 'admit' | 'change' | 'suspend' | 'resume' | 'retire'

/** The life of an application. What it asks for is judged before it goes live, so a change leads back into the sandbox. */
export const applicationLife = stateMachine<ApplicationState, ApplicationEvent>('application', 'sandbox', [
  { from: 'sandbox', on: 'change', to: 'sandbox' },
  { from: 'sandbox', on: 'submit', to: 'submitted' },
  { from: 'sandbox', on: 'retire', to: 'retired' },
  { from: 'submitted', on: 'change', to: 'sandbox' },
  { from: 'submitted', on: 'return', to: 'sandbox' },
  { from: 'submitted', on: 'admit', to: 'live' },
  { from: 'submitted', on: 'retire', to: 'retired' },
  { from: 'live', on: 'change', to: 'sandbox' },
  { from: 'live', on: 'suspend', to: 'suspended' },
  { from: 'live', on: 'retire', to: 'retired' },
  { from: 'suspended', on: 'resume', to: 'live' },
  { from: 'suspended', on: 'retire', to: 'retired' },
])

/** In which of its states an application gets any token, and whether it sees made-up data only. */
export const running = (state: ApplicationState): 'live' | 'sandbox' | undefined =>
  state === 'live' ? 'live' : state === 'sandbox' || state === 'submitted' ? 'sandbox' : undefined
