/** delta-presence (Nergiz, Atzori and Clifton 2007, "Hiding the presence of individuals from shared databases"). */
import { reaches, staysWithin } from './boundary.ts'
import { ModelError, type PrivacyModel } from './model.ts'
import { numberWithin, populationCount } from './parameter.ts'

/**
 * For everybody in the population, the chance of being in the table lies between the two bounds: among the population rows that
 * look like a class, the class itself is a share from `least` to `most`. A lower bound above 0 also concerns population rows that
 * look like no released row; whoever sees the table knows that they are not in it.
 *
 * Monotone without suppression: the share of merged classes lies between the shares of its parts. A class that failed pulls others
 * out of the bounds.
 *
 * @throws ModelError unless 0 <= least <= most <= 1 and most > 0; on binding, without a population table
 */
export function deltaPresence(least: number, most: number): PrivacyModel {
  const name = `(${least}, ${most})-presence`
  numberWithin('delta-presence', 'the lower bound', least, 0, 1)
  numberWithin('delta-presence', 'the upper bound', most, 0, 1)
  if (least > most) throw new ModelError(`delta-presence: the lower bound ${least} is above the upper bound ${most}; swap them`)
  if (most === 0) throw new ModelError('delta-presence: an upper bound of 0 lets no row be released; use one above 0')
  return {
    name,
    minimumClassSize: 1,
    attributes: [],
    needsPopulation: true,
    monotone: 'withoutSuppression',
    description: `Anybody of the population is in the table with a chance between ${least} and ${most}.`,
    bind(table) {
      populationCount(name, table)
      return {
        holdsFor: ({ size, populationSize }) => reaches(size, least * populationSize) && staysWithin(size, most * populationSize),
        holdsForAbsent: () => least === 0,
      }
    },
  }
}
