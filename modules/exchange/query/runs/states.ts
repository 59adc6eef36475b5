import { stateMachine } from '@gatehouse/core/state-machine'

export const runStates = [
  'queued',
  'checking',
  'waiting',
  'waiting_for_node',
  'running',
  'treating',
  'disclosure_control',
  'held_for_review',
  'answered',
  'released',
  'refused',
  'failed',
  'cancelled',
  'expired',
] as const
export type RunState = (typeof runStates)[number]
export type RunEvent =
  | 'check'
  | 'wait'
  | 'run'
  | 'treat'
  | 'control'
  | 'hold'
  | 'release'
  | 'refuse'
  | 'fail'
  | 'cancel'
  | 'resume'
  | 'expire'
  | 'ask'
  | 'answer'

/** In these a process is at it. One that was killed leaves the run behind, and the next goes on from the last finished chunk. */
export const workingStates = ['checking', 'running', 'treating', 'disclosure_control'] as const satisfies readonly RunState[]

/** It has not come to a result or an end yet. */
const underWay: readonly RunState[] = ['queued', 'waiting', 'waiting_for_node', ...workingStates]
export const isUnderWay = (state: RunState): boolean => underWay.includes(state)

const stops = (from: RunState) => [
  { from, on: 'refuse' as const, to: 'refused' as const },
  { from, on: 'fail' as const, to: 'failed' as const },
  { from, on: 'cancel' as const, to: 'cancelled' as const },
]

/** The life of a run. Whatever happens to it ends in a state with a reason, and nothing leads out of that. */
export const runLife = stateMachine<RunState, RunEvent>('query run', 'queued', [
  { from: 'queued', on: 'check', to: 'checking' },
  { from: 'queued', on: 'expire', to: 'expired' },
  ...stops('queued'),
  { from: 'checking', on: 'run', to: 'running' },
  { from: 'checking', on: 'wait', to: 'waiting' },
  { from: 'checking', on: 'resume', to: 'checking' },
  { from: 'checking', on: 'expire', to: 'expired' },
  ...stops('checking'),
  { from: 'waiting', on: 'check', to: 'checking' },
  { from: 'waiting', on: 'expire', to: 'expired' },
  ...stops('waiting'),
  { from: 'waiting_for_node', on: 'check', to: 'checking' },
  { from: 'waiting_for_node', on: 'expire', to: 'expired' },
  ...stops('waiting_for_node'),
  { from: 'running', on: 'treat', to: 'treating' },
  { from: 'running', on: 'ask', to: 'waiting_for_node' },
  { from: 'running', on: 'expire', to: 'expired' },
  { from: 'running', on: 'wait', to: 'waiting' },
  { from: 'running', on: 'resume', to: 'checking' },
  ...stops('running'),
  { from: 'treating', on: 'control', to: 'disclosure_control' },
  { from: 'treating', on: 'answer', to: 'answered' },
  { from: 'treating', on: 'resume', to: 'checking' },
  ...stops('treating'),
  { from: 'disclosure_control', on: 'hold', to: 'held_for_review' },
  { from: 'disclosure_control', on: 'release', to: 'released' },
  { from: 'disclosure_control', on: 'resume', to: 'checking' },
  ...stops('disclosure_control'),
  { from: 'held_for_review', on: 'release', to: 'released' },
  { from: 'held_for_review', on: 'refuse', to: 'refused' },
  { from: 'held_for_review', on: 'cancel', to: 'cancelled' },
  { from: 'held_for_review', on: 'expire', to: 'expired' },
])
