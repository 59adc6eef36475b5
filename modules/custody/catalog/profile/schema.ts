import { instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

export const limits = {
  /** Rows that are looked at of a source that is asked live; of an upload all are. */
  sampleRowsMax: 200_000,
  sampleMsMax: 60_000,
  /** Different values that are told apart; beyond, a column has "more". */
  distinctMax: 1_000,
  /** Categories that are shown of a column with so few of them. */
  categoriesMax: 30,
} as const

/** How many different values a column has, in bands: an exact number would tell of one more person. */
export const distinctBands = ['none', '1', '2-10', '11-100', '101-1000', 'more'] as const
export type DistinctBand = (typeof distinctBands)[number]

const share = z.number().min(0).max(1)

export const columnProfileSchema = z.strictObject({
  name: z.string(),
  /** 0 also where fewer than the floor lack it, and 1 where fewer than the floor have it. */
  missing: share,
  distinct: z.enum(distinctBands),
  /** Bounds within which nearly all values lie: at least as many people as the floor lie at or beyond each, rounded. Dates by their year. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** Commonest first; what fewer people than the floor have is part of `other`. */
  categories: z.array(z.strictObject({ value: z.string(), share })).optional(),
  other: share.optional(),
})
export type ColumnProfile = z.output<typeof columnProfileSchema>

/** What may be told of a table's values to whoever may not see them. */
export const profileSchema = z.strictObject({
  /** Two digits, the rest zero; null where there are fewer than the floor, and then nothing else is told. */
  rows: z.int().min(0).nullable(),
  /** Whether only the first rows were looked at. */
  sampled: z.boolean(),
  floor: z.int().min(2),
  measured_at: instantSchema,
  columns: z.array(columnProfileSchema),
})
export type Profile = z.output<typeof profileSchema>
