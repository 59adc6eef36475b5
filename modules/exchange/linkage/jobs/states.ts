import { stateMachine } from '@gatehouse/core/state-machine'

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]
export type JobEvent = 'start' | 'finish' | 'fail' | 'cancel'

export const jobLife = stateMachine<JobState, JobEvent>('link job', 'queued', [
  { from: 'queued', on: 'start', to: 'running' },
  { from: 'running', on: 'finish', to: 'done' },
  { from: 'queued', on: 'fail', to: 'failed' },
  { from: 'running', on: 'fail', to: 'failed' },
  { from: 'queued', on: 'cancel', to: 'cancelled' },
  { from: 'running', on: 'cancel', to: 'cancelled' },
])

/** Why a job failed; a word for each that somebody can do something about. */
export const jobReasons = [
  'project_closed',
  'not_admitted',
  'not_allowed',
  'nothing_in_common',
  'too_few_records',
  'too_many_pairs',
  'too_large',
  'too_slow',
  'source_unreachable',
  'source_refused',
  'source_drifted',
  'model_unfit',
  'lost',
  'failed',
] as const
export type JobReason = (typeof jobReasons)[number]
