/** Estimated share of population uniques, by the estimators of risk/population-uniqueness.ts. */
import { estimateUniqueness, type UniquenessEstimator } from '../risk/population-uniqueness.ts'
import { ModelError, type PrivacyModel } from './model.ts'
import { numberWithin, wholeNumber } from './parameter.ts'

/**
 * At most a share `threshold` of the population is estimated to be unique in it. Where the estimator has no answer for a table, the
 * model does not hold: what cannot be estimated cannot be promised.
 *
 * Never monotone: the estimators are fitted to the class sizes anew and may change places.
 *
 * @param populationSize persons in the population the table was drawn from, the table's own included
 * @throws ModelError unless 0 <= threshold <= 1 and the population is a whole number; on binding, when it is smaller than the table
 */
export function populationUniqueness(threshold: number, populationSize: number, estimator: UniquenessEstimator = 'dankar'): PrivacyModel {
  const name = `population uniqueness of ${threshold} among ${populationSize} (${estimator})`
  numberWithin('population uniqueness', 'the threshold', threshold, 0, 1)
  wholeNumber('population uniqueness', 'the population size', populationSize, 1)
  return {
    name,
    minimumClassSize: 1,
    attributes: [],
    needsPopulation: false,
    monotone: 'never',
    description: `At most a share of ${threshold} of a population of ${populationSize} is estimated to be unique in it.`,
    bind(table) {
      if (populationSize < table.rowCount) {
        throw new ModelError(`${name}: a population of ${populationSize} is smaller than the table's ${table.rowCount} rows; it has to contain the table`)
      }
      return {
        holdsFor: () => true,
        holdsForAll({ classesOfSize }) {
          const estimate = estimateUniqueness(classesOfSize, populationSize, estimator)
          return estimate !== undefined && estimate.share <= threshold
        },
      }
    },
  }
}
