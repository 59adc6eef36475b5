/** How long records are kept, and the limits of it. */
import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

/** A hundred years. */
export const monthsMax = 1_200
/** Persons that one transaction looks at. */
export const sweepPage = 500
/** Who was shown again, or whose erasure was withdrawn, is left alone by the rules for so long. */
export const reprieveDays = 365
/** Persons that a preview names. */
export const previewMax = 100

export const ruleTermsSchema = z.strictObject({
  months: z.number().int().min(1).max(monthsMax).describe('How long the records are kept.'),
  counts_from: z.enum(['first_record', 'last_record']).describe('From when: the person’s first or last record of the type.'),
  action: z.enum(['archive', 'erase']).describe('archive hides the person; erase only proposes an erasure, which two people approve.'),
})
export type RuleTerms = z.output<typeof ruleTermsSchema>

/** The rule of the institution for every type that has none of its own. */
export const everyType = '*'
export const ruleTypeSchema = z
  .union([slugSchema, z.literal(everyType)])
  .describe('A record type by its name, or * for every type that has no rule of its own.')

export const ruleSchema = ruleTermsSchema.extend({ id: idSchema('retention_rule'), record_type: ruleTypeSchema, set_by: z.string(), set_at: instantSchema })
export type Rule = z.output<typeof ruleSchema>

export const sweepCountsSchema = z.strictObject({
  persons: z.number().int().describe('With records.'),
  archive: z.number().int(),
  erase: z.number().int(),
  held: z.number().int().describe('Due, but covered by a legal hold.'),
  spared: z.number().int().describe('Due, but shown again by somebody, or their erasure withdrawn, in the last year.'),
})
export type SweepCounts = z.output<typeof sweepCountsSchema>
