import type { QualityModel } from './quality.ts'

/**
 * Average class size: rows divided by classes, where all suppressed rows together count as one class more.
 * Source: K. LeFevre, D. DeWitt, R. Ramakrishnan, "Mondrian multidimensional k-anonymity", ICDE 2006 (C_avg, there divided by k).
 */
export const averageClassSize: QualityModel = {
  name: 'average class size',
  description: 'How many rows a class has on average.',
  attributes: [],
  monotone: 'withoutSuppression',
  bind({ rowCount }) {
    return {
      valueOf: ({ releasedClasses, suppressedRows }) => rowCount / (releasedClasses + (suppressedRows > 0 ? 1 : 0)),
      lowerBound: ({ releasedClasses }) => rowCount / (releasedClasses + 1),
    }
  },
}
