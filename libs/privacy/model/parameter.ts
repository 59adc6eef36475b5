/** The questions every model asks of its parameters before it asks anything of a table. */
import { type Distribution, ModelError, type SensitiveAttribute, type TableFacts } from './model.ts'

export function wholeNumber(model: string, name: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) throw new ModelError(`${model}: ${name} is a whole number of at least ${least}, not ${value}`)
  return value
}

export function numberAbove(model: string, name: string, value: number, bound: number): number {
  if (!Number.isFinite(value) || value <= bound) throw new ModelError(`${model}: ${name} is a finite number above ${bound}, not ${value}`)
  return value
}

export function numberWithin(model: string, name: string, value: number, least: number, most: number): number {
  if (!(value >= least && value <= most)) throw new ModelError(`${model}: ${name} is a number from ${least} to ${most}, not ${value}`)
  return value
}

export function attributeName(model: string, name: string): string {
  if (name === '') throw new ModelError(`${model}: name the sensitive attribute it protects`)
  return name
}

/** @throws ModelError when the whole table has fewer distinct values than every single class would need */
export function withDistinctValues(model: string, table: TableFacts, attribute: string, least: number): SensitiveAttribute {
  const sensitive = table.sensitive(attribute)
  const found = distinctValues(sensitive.overall)
  if (found < least) {
    throw new ModelError(`${model}: every class needs ${least} different values of ${attribute}, the whole table has ${found}; ask for at most ${found}`)
  }
  return sensitive
}

/** @throws ModelError when the run has no population table */
export function populationCount(model: string, table: TableFacts): number {
  if (table.populationCount === undefined) throw new ModelError(`${model}: give the population table the released rows are drawn from`)
  if (table.populationCount < table.rowCount) {
    throw new ModelError(`${model}: the population has ${table.populationCount} rows, fewer than the table's ${table.rowCount}; it has to contain the table`)
  }
  return table.populationCount
}

export function distinctValues(distribution: Distribution): number {
  return distribution.end - distribution.start
}
