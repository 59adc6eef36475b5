/** Share of sample uniques (Skinner and Elliot 2002, "A measure of disclosure risk for microdata"). */
import { staysWithin } from './boundary.ts'
import type { PrivacyModel } from './model.ts'
import { numberWithin } from './parameter.ts'

/**
 * At most a share `threshold` of the released rows looks like no other released row.
 *
 * Monotone without suppression: merging takes uniques away and adds none. Where other models suppress, the share may rise with the
 * rows that leave or return.
 *
 * @throws ModelError unless 0 <= threshold <= 1
 */
export function sampleUniqueness(threshold: number): PrivacyModel {
  numberWithin('sample uniqueness', 'the threshold', threshold, 0, 1)
  return {
    name: `sample uniqueness of ${threshold}`,
    minimumClassSize: 1,
    attributes: [],
    needsPopulation: false,
    monotone: 'withoutSuppression',
    description: `At most a share of ${threshold} of the released rows looks like no other released row.`,
    bind: () => ({
      holdsFor: () => true,
      holdsForAll: ({ classesOfSize, rowCount }) => staysWithin(classesOfSize.get(1) ?? 0, threshold * rowCount),
    }),
  }
}
