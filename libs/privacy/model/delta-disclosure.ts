/** delta-disclosure privacy (Brickell and Shmatikov 2008, "The cost of privacy: destruction of data-mining utility in anonymized data publishing"). */
import { staysBelow } from './boundary.ts'
import type { PrivacyModel } from './model.ts'
import { attributeName, countsByCode, distinctValues, numberAbove } from './parameter.ts'

/** What a class says about a value that the table has and the class lacks. */
export type AbsentValues = 'ignored' | 'fail'

/**
 * The share of each value in a class differs from its share in the whole table by a factor of less than 2^delta, up or down:
 * |log2(p / q)| < delta, strictly.
 *
 * The published definition ranges over all values of the table. A value that a class lacks then has an infinite distance, so every
 * class would need every value; `absentValues: 'fail'` asks for that. By default only the values that a class shows are compared,
 * which is how the model is used in practice and weaker: a reader learns that the others are ruled out.
 *
 * Monotone without suppression where absent values fail: the bounds q / 2^delta < p < q 2^delta carry over to mixtures. Never where
 * they are ignored: a value that one part lacks may become too rare in the whole.
 *
 * @throws ModelError unless delta is above 0
 */
export function deltaDisclosure(attribute: string, delta: number, absentValues: AbsentValues = 'ignored'): PrivacyModel {
  attributeName('delta-disclosure', attribute)
  numberAbove('delta-disclosure', 'delta', delta, 0)
  const strict = absentValues === 'fail'
  return {
    name: `${delta}-disclosure privacy of ${attribute}${strict ? ' over all values' : ''}`,
    minimumClassSize: 1,
    attributes: [attribute],
    needsPopulation: false,
    monotone: strict ? 'withoutSuppression' : 'never',
    description: `Among rows that look alike each value of ${attribute} is neither more nor less frequent than in the whole table by a factor of 2^${delta}.`,
    bind(table) {
      const { overall, values } = table.sensitive(attribute)
      const inTable = countsByCode(overall, values.length)
      return {
        holdsFor(group) {
          const { codes, counts, start, end, total } = group.distribution(attribute)
          if (strict && end - start < distinctValues(overall)) return false
          for (let i = start; i < end; i++) {
            const ratio = ((counts[i] ?? 0) * overall.total) / ((inTable[codes[i] ?? -1] ?? 0) * total)
            if (!staysBelow(Math.abs(Math.log2(ratio)), delta)) return false
          }
          return true
        },
      }
    },
  }
}
