/** k-map (Sweeney 2001, "Computational disclosure control"; El Emam and Dankar 2008, "Protecting privacy using k-anonymity"). */
import { ModelError, type PrivacyModel } from './model.ts'
import { populationCount, wholeNumber } from './parameter.ts'

/**
 * Every released row looks like at least k rows of the population the table was drawn from. It protects those of whom an attacker
 * does not know whether they are in the table; in the table itself a row may stand alone.
 *
 * Monotone always: a merged class looks like the population rows of all its parts.
 *
 * @throws ModelError unless k is a whole number of at least 2; on binding, without a population table or with fewer than k rows in it
 */
export function kMap(k: number): PrivacyModel {
  const name = `${k}-map`
  wholeNumber('k-map', 'k', k, 2)
  return {
    name,
    minimumClassSize: 1,
    attributes: [],
    needsPopulation: true,
    monotone: 'always',
    description: `Every released row looks like at least ${k} rows of the population.`,
    bind(table) {
      const rows = populationCount(name, table)
      if (rows < k) throw new ModelError(`${name}: the population has ${rows} rows; ask for a k of at most ${rows}`)
      return { holdsFor: (group) => group.populationSize >= k }
    },
  }
}
