import type { QualityModel } from './quality.ts'

/**
 * Discernibility: each row costs the number of rows it cannot be told from, so a class costs the square of its size; a suppressed
 * row costs as much as the table has rows.
 * Source: R. Bayardo, R. Agrawal, "Data privacy through optimal k-anonymization", ICDE 2005.
 */
export const discernibility: QualityModel = {
  name: 'discernibility',
  description: 'How many other rows each row looks like, summed over all rows.',
  attributes: [],
  monotone: 'withoutSuppression',
  bind({ rowCount }) {
    return {
      scoreOf: ({ size }) => size * size,
      valueOf: ({ releasedScore, suppressedRows }) => releasedScore + suppressedRows * rowCount,
      // With classes of at least s rows, the squares sum to at least s times the released rows.
      lowerBound: ({ suppressedRows, minimumClassSize }) => suppressedRows * rowCount + (rowCount - suppressedRows) * minimumClassSize,
    }
  },
}
