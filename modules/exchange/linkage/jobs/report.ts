/** What a link job tells of itself: figures, names of columns and rules, and no value of a record. */
import { z } from 'zod'

const count = z.int().min(0)

const stepSchema = z.strictObject({ comparison: z.string(), level: z.string(), bits: z.number(), from: z.number(), to: z.number(), sentence: z.string() })

export const jobReportSchema = z.strictObject({
  sources: z.array(z.strictObject({ name: z.string(), records: count })),
  /** Of the trained model. */
  model_hash: z.string(),
  /** Bits of two records picked at random. */
  prior: z.number(),
  warnings: z.array(z.string()),
  /** Values that could not be taken for what their column holds. */
  refused: z.array(z.strictObject({ column: z.string(), because: z.string(), count })),
  blocking: z.strictObject({
    pairs: count,
    /** Of all pairs, how many are left out. */
    reduction: z.number(),
    rules: z.array(z.strictObject({ rule: z.string(), pairs: count, new_pairs: count, largest_block: count })),
  }),
  /** What each level of agreement weighs. */
  levels: z.array(z.strictObject({ comparison: z.string(), level: z.string(), m: z.number(), u: z.number(), bits: z.number(), term_frequency: z.boolean() })),
  /** Pairs by weight in whole bits, rising. */
  by_weight: z.array(z.strictObject({ bits: z.number(), count, linked: z.boolean() })),
  links: count,
  /** How many of the links are expected to be wrong. */
  expected_false: z.number(),
  /** Pairs that people had decided before, and it was done as they said. */
  decided: z.strictObject({ linked: count, parted: count }),
  doubtful: count,
  /** Links taken apart, without values. */
  examples: z.array(
    z.strictObject({
      why: z.string(),
      place: z.string(),
      prior: z.number(),
      total: z.number(),
      probability: z.number(),
      sentence: z.string(),
      steps: z.array(stepSchema),
    }),
  ),
})
export type JobReport = z.output<typeof jobReportSchema>
