/** Highest re-identification risk (El Emam 2013, "Guide to the de-identification of personal health information"). */
import { relativeSlack } from './boundary.ts'
import type { PrivacyModel } from './model.ts'
import { reachableRisk, riskThreshold } from './parameter.ts'

/**
 * No released row is re-identified with a chance above `threshold`: every class has at least 1 / threshold rows. A threshold of 0.2
 * is 5-anonymity.
 *
 * Monotone always: merged classes only grow.
 *
 * @throws ModelError unless 0 < threshold <= 1; on binding, when even one class of all rows has a higher risk
 */
export function maximalRisk(threshold: number): PrivacyModel {
  const name = `highest risk of ${threshold}`
  riskThreshold('highest risk', threshold)
  const leastSize = Math.ceil((1 / threshold) * (1 - relativeSlack))
  return {
    name,
    minimumClassSize: leastSize,
    attributes: [],
    needsPopulation: false,
    monotone: 'always',
    description: `No released row is re-identified with a chance above ${threshold}: it looks like at least ${leastSize - 1} others.`,
    bind(table) {
      reachableRisk(name, threshold, table.rowCount)
      return { holdsFor: (group) => group.size >= leastSize }
    },
  }
}
