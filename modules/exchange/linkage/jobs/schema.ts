import { idSchema, instantSchema, pageQuery } from '@gatehouse/core/schema'
import { type Model, modelSchema } from '@gatehouse/linkage/model/schema'
import { z } from 'zod'
import { jobReportSchema } from './report.ts'
import { jobReasons, jobStates } from './states.ts'

export const limits = {
  /** Of one table. All that is compared is held in memory. */
  rowsMax: 1_000_000,
  readMsMax: 20 * 60_000,
  /** Of one project. */
  openJobsMax: 4,
  /** A job that has said nothing for so long was lost with its process. */
  silentSeconds: 120,
  modelBytesMax: 65_536,
} as const

export const stages = ['reading', 'linking', 'keeping'] as const
export type Stage = (typeof stages)[number]

const reference = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}\.[a-z0-9][a-z0-9_-]{0,62}$/, 'a table of the catalogue, as source.table')
const probability = z.number().gt(0).lt(1)

/** As it is asked for. What a model may be is looked at when it is read, so that the description of the interface stays short. */
const modelJson = z
  .record(z.string(), z.unknown())
  .refine((model) => JSON.stringify(model).length <= limits.modelBytesMax, `at most ${limits.modelBytesMax} characters`)
  .meta({ description: 'A linkage model; its columns are named by their meaning (`given_name`). Without one it is drafted from what the columns mean.' })

export function readModel(json: unknown): Model | undefined {
  const read = modelSchema.safeParse(json)
  return read.success && read.data.link === 'link' ? read.data : undefined
}

export const optionsSchema = z.strictObject({
  threshold: probability.default(0.95).meta({ description: 'Pairs at or above are links.' }),
  review_from: probability.default(0.5).meta({ description: 'Pairs from here up to the threshold go to clerical review.' }),
  one_to_one: z.boolean().default(true).meta({ description: 'Each table has a person once.' }),
  opinions: z.int().min(1).max(2).default(1).meta({ description: 'How many people decide each doubtful pair.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1),
})
export type JobOptions = z.output<typeof optionsSchema>

export const startInput = optionsSchema
  .extend({ project: idSchema('project'), left: reference, right: reference, model: modelJson.optional() })
  .refine(({ left, right }) => left !== right, { path: ['right'], error: 'two tables; finding people twice in one is another task' })
  .refine(({ threshold, review_from }) => review_from <= threshold, { path: ['review_from'], error: 'at most the threshold' })

export const jobSchema = z.strictObject({
  id: idSchema('link_job'),
  left: z.string(),
  right: z.string(),
  options: optionsSchema,
  state: z.enum(jobStates),
  stage: z.enum(stages).nullable(),
  reason: z.enum(jobReasons).nullable(),
  links: z.int().nullable(),
  doubtful: z.int().nullable(),
  created_by: z.string(),
  created_at: instantSchema,
  started_at: instantSchema.nullable(),
  ended_at: instantSchema.nullable(),
})
export type Job = z.output<typeof jobSchema>

export const jobDetailSchema = jobSchema.extend({
  report: jobReportSchema.nullable(),
  /** As it was trained; it holds no value of anybody, and another job can be given it. */
  model: z.record(z.string(), z.unknown()).nullable(),
})

export const jobInput = z.strictObject({ project: idSchema('project'), job: idSchema('link_job') })
export const jobsQuery = z.strictObject({ project: idSchema('project'), ...pageQuery, cursor: idSchema('link_job').optional() })
export const exampleJob = '0198c1de-7b3a-7c4d-8e5f-000000000004'
