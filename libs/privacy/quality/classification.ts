import type { QualityModel } from './quality.ts'

/**
 * Classification accuracy, told as what is lost of it: the share of rows whose value of the target attribute is not the most
 * frequent one of their class, or that are suppressed. 1 minus it is the accuracy of guessing by class.
 * Source: V. Iyengar, "Transforming data to satisfy privacy constraints", KDD 2002 (the metric CM).
 */
export function classificationAccuracy(target: string): QualityModel {
  return {
    name: `classification accuracy of ${target}`,
    description: `How often guessing ${target} from the released values fails.`,
    attributes: [target],
    monotone: 'withoutSuppression',
    bind({ rowCount }) {
      return {
        scoreOf(group) {
          const { counts, start, end } = group.distribution(target)
          let most = 0
          for (let i = start; i < end; i++) most = Math.max(most, counts[i] as number)
          return most
        },
        valueOf: ({ releasedScore }) => (rowCount - releasedScore) / rowCount,
        lowerBound: ({ suppressedRows }) => suppressedRows / rowCount,
      }
    },
  }
}
