/** Average re-identification risk (El Emam 2013, "Guide to the de-identification of personal health information"). */
import { staysWithin } from './boundary.ts'
import type { PrivacyModel } from './model.ts'
import { reachableRisk, riskThreshold } from './parameter.ts'

/**
 * Released rows are re-identified with a chance of at most `threshold` on average. A row in a class of s rows has the risk 1/s, so
 * the average is the number of classes divided by the number of rows.
 *
 * Monotone without suppression: merging leaves fewer classes for the same rows. Where other models suppress, a higher node may keep
 * small classes that a lower one had suppressed, and the average may rise.
 *
 * @throws ModelError unless 0 < threshold <= 1; on binding, when even one class of all rows has a higher risk
 */
export function averageRisk(threshold: number): PrivacyModel {
  const name = `average risk of ${threshold}`
  riskThreshold('average risk', threshold)
  return {
    name,
    minimumClassSize: 1,
    attributes: [],
    needsPopulation: false,
    monotone: 'withoutSuppression',
    description: `Released rows are re-identified with a chance of at most ${threshold} on average.`,
    bind(table) {
      reachableRisk(name, threshold, table.rowCount)
      return { holdsFor: () => true, holdsForAll: ({ classCount, rowCount }) => staysWithin(classCount, threshold * rowCount) }
    },
  }
}
