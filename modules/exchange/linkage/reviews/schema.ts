import { idSchema, instantSchema, pageQuery, sensitive } from '@gatehouse/core/schema'
import { z } from 'zod'
import { choices } from './opinions.ts'
import { pairStates, reviewStates } from './states.ts'

export const limits = {
  /** Of one review; those nearest to the threshold are kept, the others stay as the model has them. */
  pairsMax: 10_000,
  /** After so long a review closes by itself, so that values of people do not lie about. */
  openDays: 30,
} as const

/** Why: words to choose from, since free text about two people is about them. */
export const reasons = [
  'as_compared',
  'identifiers_agree',
  'name_variant',
  'name_changed',
  'typing_error',
  'moved',
  'relatives',
  'twins',
  'different_dates',
  'different_identifiers',
  'common_name',
  'too_little',
  'other',
] as const

export const originSchema = z.enum(['job', 'run'])

export const reviewSchema = z.strictObject({
  /** The link job or the run that the pairs come from. */
  id: z.uuid(),
  origin: originSchema,
  state: z.enum(reviewStates),
  /** How many people decide each pair. */
  opinions: z.int(),
  pairs: z.int(),
  decided: z.int(),
  disputed: z.int(),
  opened_at: instantSchema,
  closes_at: instantSchema,
  closed_at: instantSchema.nullable(),
})
export type Review = z.output<typeof reviewSchema>

export const pairSchema = z.strictObject({
  number: z.int(),
  probability: z.number(),
  state: z.enum(pairStates),
  /** What you have said of it yourself. What others said is told once it is decided. */
  mine: z.enum(choices).nullable(),
})
export type PairView = z.output<typeof pairSchema>

const shown = z.array(sensitive(z.string().nullable()))
export const comparisonSchema = z.strictObject({
  comparison: z.string(),
  columns: z.array(z.string()),
  level: z.string(),
  bits: z.number(),
  /** For one person, against it, or neither: missing on a side. */
  says: z.enum(['for', 'against', 'nothing']),
  sentence: z.string(),
  /** By column. */
  left: shown,
  right: shown,
})

export const openedPairSchema = pairSchema.extend({
  left_source: z.string(),
  right_source: z.string(),
  /** Bits before anything was compared, and in all. */
  prior: z.number(),
  total: z.number(),
  sentence: z.string(),
  comparisons: z.array(comparisonSchema),
  votes: z.array(z.strictObject({ choice: z.enum(choices), reason: z.enum(reasons) })),
})
export type OpenedPair = z.output<typeof openedPairSchema>

export const inReview = z.strictObject({ project: idSchema('project'), review: z.uuid() })
export const inPair = inReview.extend({ pair: z.coerce.number().int().min(1).max(limits.pairsMax) })
export const pairsQuery = inReview.extend({ ...pageQuery, cursor: z.coerce.number().int().min(1).optional(), state: z.enum(pairStates).optional() })

export const decisionInput = inPair.extend({ choice: z.enum(choices), reason: z.enum(reasons) })

export const exampleReview = '0198c1de-7b3a-7c4d-8e5f-000000000003'
export const reviewIn = ({ project }: { readonly project: string }) => ({ type: 'link_review', scope: { kind: 'project' as const, id: project } })
