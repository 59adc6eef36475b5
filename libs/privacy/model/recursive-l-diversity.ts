/** Recursive (c, l)-diversity (Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam 2007, "l-diversity: privacy beyond k-anonymity"). */
import { staysBelow } from './boundary.ts'
import type { Distribution, PrivacyModel } from './model.ts'
import { attributeName, numberAbove, wholeNumber, withDistinctValues } from './parameter.ts'

/**
 * In every class the most frequent value occurs fewer than c times as often as the values from the l-th most frequent on taken
 * together: r1 < c (r_l + r_(l+1) + ... + r_m). The inequality is strict; equality fails, also where it is hidden by rounding.
 *
 * Monotone without suppression: r1 - c (r_l + ... + r_m) is the largest count plus c times the sum of the l - 1 largest, less c
 * times all rows, which is subadditive in the counts; where it is negative in every part it is negative in the whole. Mixed with a
 * class that failed, a class that held may fail.
 *
 * @throws ModelError unless c is above 0 and l a whole number of at least 2; on binding, when the table has fewer than l values
 */
export function recursiveLDiversity(attribute: string, c: number, l: number): PrivacyModel {
  const name = `recursive (${c}, ${l})-diversity of ${attribute}`
  attributeName('recursive (c, l)-diversity', attribute)
  numberAbove('recursive (c, l)-diversity', 'c', c, 0)
  wholeNumber('recursive (c, l)-diversity', 'l', l, 2)
  return {
    name,
    minimumClassSize: l,
    attributes: [attribute],
    needsPopulation: false,
    monotone: 'withoutSuppression',
    description: `Among rows that look alike the most frequent ${attribute} occurs fewer than ${c} times as often as all but the ${l - 1} most frequent together.`,
    bind(table) {
      withDistinctValues(name, table, attribute, l)
      return { holdsFor: (group) => recursiveHolds(group.distribution(attribute), c, l) }
    },
  }
}

function recursiveHolds(distribution: Distribution, c: number, l: number): boolean {
  const { counts, start, end, total } = distribution
  if (end - start < l) return false
  const descending = counts.slice(start, end).sort().reverse()
  const largest = descending[0] ?? 0
  let head = 0
  for (let i = 0; i < l - 1; i++) head += descending[i] ?? 0
  return staysBelow(largest, c * (total - head))
}
