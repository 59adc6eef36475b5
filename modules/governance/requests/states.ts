import { stateMachine } from '@gatehouse/core/state-machine'

export const requestStates = ['received', 'identified', 'in_work', 'extended', 'done', 'refused'] as const
export type RequestState = (typeof requestStates)[number]
export const requestSteps = ['identify', 'begin', 'extend', 'complete', 'refuse'] as const
export type RequestStep = (typeof requestSteps)[number]

/** The life of what a person asks for. Nothing is done for somebody who was not identified, and the time is extended once. */
export const requestLife = stateMachine<RequestState, RequestStep>('request of a person', 'received', [
  { from: 'received', on: 'identify', to: 'identified' },
  { from: 'identified', on: 'begin', to: 'in_work' },
  { from: 'identified', on: 'extend', to: 'extended' },
  { from: 'in_work', on: 'extend', to: 'extended' },
  { from: 'in_work', on: 'complete', to: 'done' },
  { from: 'extended', on: 'complete', to: 'done' },
  { from: 'received', on: 'refuse', to: 'refused' },
  { from: 'identified', on: 'refuse', to: 'refused' },
  { from: 'in_work', on: 'refuse', to: 'refused' },
  { from: 'extended', on: 'refuse', to: 'refused' },
])
