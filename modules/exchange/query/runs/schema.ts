import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { saidSchema } from '@gatehouse/core/sentence'
import { z } from 'zod'
import { partView } from '../parts/schema.ts'
import { planDiff, riskFigures, stepFigures } from '../plans/schema.ts'
import { cellValue } from '../results/schema.ts'
import { inputOfProject, toldCount } from '../schema.ts'
import { runReasonCodes } from './reasons.ts'
import { runStates } from './states.ts'

export const runInput = inputOfProject.extend({ run: idSchema('query_run') })

export const stepStates = ['waiting', 'running', 'done'] as const

export const runStep = stepFigures.extend({
  state: z.enum(stepStates),
  progress: z.number().min(0).max(1),
  started_at: instantSchema.nullable(),
  ended_at: instantSchema.nullable(),
})

export const runSummary = z.strictObject({
  id: idSchema('query_run'),
  project: idSchema('project'),
  plan: idSchema('query_plan'),
  version: z.int(),
  hash: z.string(),
  title: z.string(),
  state: z.enum(runStates),
  reason: z.enum(runReasonCodes).nullable(),
  detail: z.string().nullable().describe('The reason in words, and where: which source, which column'),
  said: saidSchema.nullable().describe('Where, as a sentence’s code; `as_is` holds what a source or an engine said, in English'),
  trigger: z.enum(['demand', 'schedule']),
  schedule: idSchema('query_schedule').nullable(),
  asked_by: z.string(),
  asked_from: z.string().nullable().describe('The node whose run this is a part of'),
  asked_at: instantSchema,
  started_at: instantSchema.nullable(),
  ended_at: instantSchema.nullable(),
  progress: z.number().min(0).max(1),
  result: idSchema('query_result').nullable(),
  /** The review of its release, while it is held or once it was decided. */
  review: idSchema('review').nullable(),
})
export type RunSummary = z.output<typeof runSummary>

export const runView = runSummary.extend({
  steps: z.array(runStep),
  nodes: z.array(partView).describe('What other nodes do for it'),
  floor: z.int().describe('The fewest people that a figure may be about'),
  risk_before: riskFigures.nullable(),
  risk_after: riskFigures.nullable(),
  loss: z.number().nullable(),
  epsilon: z.number().nullable().describe('What it was charged of the privacy budget'),
  /** The release of Gatehouse that carried it out. */
  code_version: z.string().nullable(),
})
export type RunView = z.output<typeof runView>

const rowsOfStep = z.strictObject({ rows_in: z.int().nullable(), rows_out: z.int().nullable() })

/** Two runs side by side. */
export const comparedRuns = z.strictObject({
  left: runView,
  right: runView,
  same_plan: z.boolean(),
  changes: planDiff.shape.changes,
  sources: z.array(
    z.strictObject({
      table: z.string(),
      in_left: z.boolean(),
      in_right: z.boolean(),
      left: z.int().nullable().describe('The version of its schema that was read'),
      right: z.int().nullable(),
    }),
  ),
  steps: z.array(z.strictObject({ id: z.string(), title: z.string(), left: rowsOfStep.nullable(), right: rowsOfStep.nullable() })),
  columns: z.strictObject({ left_only: z.array(z.string()), right_only: z.array(z.string()), both: z.array(z.string()) }),
  shifts: z
    .array(
      z.strictObject({
        column: z.string(),
        distance: z.number().nullable().describe('0 the same shares, 1 nothing in common; null where there are too many values to hold apart'),
        values: z.array(z.strictObject({ value: cellValue, left: toldCount, right: toldCount })),
      }),
    )
    .describe('Of released results, for whoever may read them'),
})
