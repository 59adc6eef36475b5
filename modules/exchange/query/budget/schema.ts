import { z } from 'zod'
import { limits } from '../schema.ts'

export const projectSettings = z.strictObject({
  epsilon_total: z.number().min(0).max(limits.epsilonMax).describe('What differential privacy may spend in the whole life of the project'),
  floor: z.int().min(2).max(limits.floorMax).describe('The fewest people that a figure may be about'),
  clean_results: z
    .enum(['reviewed', 'released'])
    .describe('Whether an anonymised result whose disclosure checks all pass is reviewed like every other, or released at once'),
  linkage_unit: z
    .boolean()
    .default(false)
    .describe('Whether this institution compares encodings for runs of other nodes in the project, as their linkage unit'),
})
export type ProjectSettings = z.output<typeof projectSettings>

export const budgetView = projectSettings.extend({
  epsilon_spent: z.number(),
  epsilon_left: z.number(),
  runs: z.int().describe('Runs that were begun in the project'),
  released: z.int().describe('Results that left disclosure control'),
})
