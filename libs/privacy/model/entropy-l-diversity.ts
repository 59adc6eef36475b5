/** Entropy l-diversity (Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam 2007, "l-diversity: privacy beyond k-anonymity"). */
import { reaches } from './boundary.ts'
import type { Distribution, PrivacyModel } from './model.ts'
import { attributeName, numberAbove, withDistinctValues } from './parameter.ts'

/**
 * The entropy of the attribute in every class is at least log l: its values are as uncertain as l values that occur equally often.
 * Equality within a relative 1e-12 holds.
 *
 * Monotone without suppression: entropy is concave, so a mixture of classes with at least log l has at least log l. Mixed with a
 * class that failed, a class that held may fail.
 *
 * @throws ModelError unless l is above 1 (it need not be whole); on binding, when the table has fewer than l values
 */
export function entropyLDiversity(attribute: string, l: number): PrivacyModel {
  const name = `entropy ${l}-diversity of ${attribute}`
  attributeName('entropy l-diversity', attribute)
  numberAbove('entropy l-diversity', 'l', l, 1)
  const leastValues = Math.ceil(l - 1e-9)
  const leastEntropy = Math.log(l)
  return {
    name,
    minimumClassSize: leastValues,
    attributes: [attribute],
    needsPopulation: false,
    monotone: 'withoutSuppression',
    description: `Rows that look alike leave their value of ${attribute} as uncertain as ${l} equally frequent values would.`,
    bind(table) {
      withDistinctValues(name, table, attribute, leastValues)
      return { holdsFor: (group) => reaches(entropy(group.distribution(attribute)), leastEntropy) }
    },
  }
}

/** Shannon entropy in nats: ln n - (sum of c ln c) / n over the counts c with sum n. 0 for no rows. */
export function entropy(distribution: Distribution): number {
  const { counts, start, end, total } = distribution
  if (total === 0) return 0
  let weighted = 0
  for (let i = start; i < end; i++) {
    const count = counts[i] ?? 0
    if (count > 1) weighted += count * Math.log(count)
  }
  return Math.log(total) - weighted / total
}
