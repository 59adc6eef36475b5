/** The questions every model asks of its parameters before it asks anything of a table. */
import { staysWithin } from './boundary.ts'
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

/** The counts by code; 0 for values that do not occur. */
export function countsByCode(distribution: Distribution, codeCount: number): Float64Array {
  const counts = new Float64Array(codeCount)
  for (let i = distribution.start; i < distribution.end; i++) counts[distribution.codes[i] ?? -1] = distribution.counts[i] ?? 0
  return counts
}

/** @throws ModelError unless 0 < threshold <= 1 */
export function riskThreshold(model: string, threshold: number): number {
  if (threshold === 0) throw new ModelError(`${model}: no released row has a risk of 0; use a threshold above 0`)
  return numberWithin(model, 'the threshold', threshold, 0, 1)
}

/** @throws ModelError when a class of all rows still has a higher risk */
export function reachableRisk(name: string, threshold: number, rowCount: number): void {
  if (rowCount > 0 && !staysWithin(1, threshold * rowCount)) {
    throw new ModelError(`${name}: with ${rowCount} rows no risk is below 1/${rowCount}; use a higher threshold or more rows`)
  }
}
