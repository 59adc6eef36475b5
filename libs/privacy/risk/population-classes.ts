/** How many persons of the population each class of a table may be mistaken for. */
import { type Column, columnOf, type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import type { EquivalenceClasses } from './equivalence-classes.ts'

export interface PopulationClasses {
  /** Population rows that look like each class of the table. */
  readonly sizes: Int32Array
  /** Sizes of the population's classes that look like no class of the table. */
  readonly unmatched: readonly number[]
  readonly rowCount: number
}

/**
 * Matches a population to the classes of a table by the values of the quasi-identifiers, compared as text. The population has to
 * be generalised in the same way as the table, or nothing matches.
 *
 * @throws RangeError for a quasi-identifier that the population has not
 */
export function populationClasses(dataset: Dataset, classes: EquivalenceClasses, population: Dataset, quasiIdentifiers: readonly string[]): PopulationClasses {
  const key = keyOf(quasiIdentifiers.map((name) => columnOf(dataset, name)))
  const classByKey = new Map(Array.from(classes.firstRow, (row, index) => [key(row), index]))
  const populationKey = keyOf(quasiIdentifiers.map((name) => columnOf(population, name)))
  const sizes = new Int32Array(classes.sizes.length)
  const unmatched = new Map<string, number>()
  for (let row = 0; row < population.rowCount; row++) {
    const found = populationKey(row)
    const index = classByKey.get(found)
    if (index === undefined) unmatched.set(found, (unmatched.get(found) ?? 0) + 1)
    else sizes[index] = (sizes[index] ?? 0) + 1
  }
  return { sizes, unmatched: [...unmatched.values()], rowCount: population.rowCount }
}

function keyOf(columns: readonly Column[]): (row: number) => string {
  return (row) => JSON.stringify(columns.map((column) => valueAt(column, row)?.toString()))
}
