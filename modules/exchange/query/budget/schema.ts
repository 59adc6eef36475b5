import { z } from 'zod'
import { limits } from '../schema.ts'

export const projectSettings = z.strictObject({
  epsilon_total: z.number().min(0).max(limits.epsilonMax).describe('What differential privacy may spend in the whole life of the project'),
  floor: z.int().min(2).max(limits.floorMax).describe('The fewest people that a figure may be about'),
  clean_results: z
    .enum(['reviewed', 'released'])
    .describe('Whether an anonymised result whose disclosure checks all pass is reviewed like every other, or released at once'),
  questions_per_day: z
    .int()
    .min(0)
    .max(limits.questionsPerDayMax)
    .default(limits.questionsPerDayDefault)
    .describe('How often a day those of the project may ask how many people a plan means, or try one'),
  linkage_unit: z
    .boolean()
    .default(false)
    .describe('Whether this institution compares encodings for runs of other nodes in the project, as their linkage unit'),
})
export type ProjectSettings = z.output<typeof projectSettings>

export const budgetView = projectSettings.extend({
  epsilon_spent: z.number(),
  epsilon_left: z.number(),
  questions_today: z.int().describe('Counts and trials of this day (UTC)'),
  runs: z.int().describe('Runs that were begun in the project'),
  released: z.int().describe('Results that left disclosure control'),
})
