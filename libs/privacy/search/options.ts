/** What `treat` is asked, checked and put in order. */
import { columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import { type Hierarchy, suppressionHierarchy } from '../hierarchy/hierarchy.ts'
import type { PrivacyModel } from '../model/model.ts'
import { loss } from '../quality/loss.ts'
import type { Aggregate, QualityModel } from '../quality/quality.ts'
import { distinctLabels } from './encode.ts'
import { TreatmentError } from './error.ts'

/** What a column is to the treatment. Columns without a role are insensitive and pass untouched; identifying ones are left out. */
export type Role = 'quasi' | 'sensitive' | 'identifying' | 'insensitive'

export type Strategy = 'auto' | 'optimal' | 'heuristic'

export interface Progress {
  /** Nodes looked at. */
  readonly checked: number
  readonly latticeSize: number
  /** Share of the lattice that is settled, 0 to 1. */
  readonly resolved: number
  /** Value of the best node so far. */
  readonly best?: number
}

/** What may change from one question to the next about the same table. */
export interface Question {
  readonly models: readonly PrivacyModel[]
  /** Share of the rows that may be suppressed, 0 to 1; 0 unless told. At most floor(limit x rows) are. */
  readonly suppressionLimit?: number
  /** `loss` unless told. */
  readonly quality?: QualityModel
  /** By quasi-identifier; 0.5 where not told. Only their ratios matter: they are divided by the largest. */
  readonly weights?: Readonly<Record<string, number>>
  /** How attributes are put together; `geometric` unless told. */
  readonly aggregate?: Aggregate
  /** `auto` proves the optimum up to `optimalLatticeMax` nodes and is heuristic above. */
  readonly strategy?: Strategy
  /** When to stop with the best node so far; then `optimal` is false. Milliseconds need `now`. */
  readonly budget?: { readonly milliseconds?: number; readonly checks?: number }
  /** A clock in milliseconds. */
  readonly now?: () => number
  readonly onProgress?: (progress: Progress) => void
  /** Looked at before each node; once aborted the search throws and nothing is left. */
  readonly signal?: { readonly aborted: boolean }
}

export interface TableOptions {
  readonly roles: Readonly<Record<string, Role>>
  /** By attribute. A quasi-identifier without one is kept or suppressed as a whole. */
  readonly hierarchies?: Readonly<Record<string, Hierarchy>>
  /** The table the rows were drawn from, with the same quasi-identifiers. */
  readonly population?: Dataset
  /** By row, 1 for rows that are suppressed already: they take no part and stay suppressed. */
  readonly suppressed?: Uint8Array
}

export type TreatOptions = Question & TableOptions

/** The largest lattice `auto` searches to the end, and the largest that `optimal` accepts: a few bytes are held for each node. */
export const optimalLatticeMax = 100_000
export const provableLatticeMax = 10_000_000

export interface PlannedTable {
  readonly dataset: Dataset
  readonly roles: Readonly<Record<string, Role>>
  /** Of the quasi-identifiers, in the order of the dataset's columns; the order of the levels of every node. */
  readonly hierarchies: readonly Hierarchy[]
  /** Of sensitive attributes that have one. */
  readonly sensitiveHierarchies: Readonly<Record<string, Hierarchy>>
  readonly population?: Dataset
  readonly include?: (row: number) => boolean
}

/** @throws TreatmentError `empty_table`, `no_quasi_identifier`, `unknown_attribute`, `population_too_small` */
export function planTable(dataset: Dataset, options: TableOptions): PlannedTable {
  const { roles, hierarchies = {}, population, suppressed } = options
  const columns = dataset.columns.map((column) => column.field.name)
  for (const [what, names] of [['roles', Object.keys(roles)] as const, ['hierarchies', Object.keys(hierarchies)] as const]) {
    for (const name of names) if (!columns.includes(name)) throw unknownAttribute(what, name, columns)
  }
  const include = suppressed ? (row: number) => suppressed[row] === 0 : undefined
  const rowCount = include ? suppressedOut(dataset.rowCount, include) : dataset.rowCount
  if (rowCount === 0) throw new TreatmentError('empty_table', 'the table has no rows to treat; give at least one')
  const quasi = columns.filter((name) => roles[name] === 'quasi')
  if (quasi.length === 0) throw new TreatmentError('no_quasi_identifier', 'no column has the role quasi; name the columns by which rows could be recognised')
  if (population && population.rowCount < rowCount) {
    const message = `the population has ${population.rowCount} rows and the table drawn from it ${rowCount}; give the whole population`
    throw new TreatmentError('population_too_small', message)
  }
  return {
    dataset,
    roles,
    hierarchies: quasi.map((name) => named(hierarchies[name], name) ?? keepOrSuppress(dataset, name, population)),
    sensitiveHierarchies: Object.fromEntries(Object.entries(hierarchies).filter(([name]) => roles[name] !== 'quasi')),
    ...(population ? { population } : {}),
    ...(include ? { include } : {}),
  }
}

export interface PlannedQuestion extends Question {
  readonly suppressionLimit: number
  readonly quality: QualityModel
  readonly aggregate: Aggregate
  readonly strategy: Strategy
  /** Of the quasi-identifiers, the largest 1. */
  readonly effectiveWeights: readonly number[]
}

/** @throws TreatmentError `no_models`, `bad_limit`, `bad_weight`, `bad_option`, `unknown_attribute`, `wrong_role`, `population_missing` */
export function planQuestion(table: PlannedTable, question: Question): PlannedQuestion {
  const { models, suppressionLimit = 0, quality = loss, weights = {}, aggregate = 'geometric', strategy = 'auto', budget = {}, now } = question
  if (models.length === 0) throw new TreatmentError('no_models', 'no privacy model is asked for; give at least one, such as k-anonymity')
  if (!(suppressionLimit >= 0 && suppressionLimit <= 1)) {
    throw new TreatmentError('bad_limit', `the suppression limit is a share of the rows from 0 to 1, not ${suppressionLimit}`)
  }
  for (const [name, value] of Object.entries(budget)) {
    if (value !== undefined && !(value > 0)) throw new TreatmentError('bad_option', `the budget's ${name} have to be above 0`)
  }
  if (budget.milliseconds !== undefined && !now) throw new TreatmentError('bad_option', 'a budget in milliseconds needs a clock; give now')
  for (const model of models) {
    for (const attribute of model.attributes) checkAsked(table, model.name, attribute)
    if (model.needsPopulation && !table.population) throw new TreatmentError('population_missing', `${model.name} needs the population; give it`)
  }
  for (const attribute of quality.attributes) checkAsked(table, quality.name, attribute)
  return { ...question, models, suppressionLimit, quality, aggregate, strategy, effectiveWeights: effectiveWeights(table, weights) }
}

function effectiveWeights(table: PlannedTable, weights: Readonly<Record<string, number>>): number[] {
  const names = table.hierarchies.map(({ attribute }) => attribute)
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name)) throw unknownAttribute('weights', name, names)
    if (!(weight >= 0 && Number.isFinite(weight))) throw new TreatmentError('bad_weight', `the weight of ${name} has to be a number of at least 0`, name)
  }
  const given = names.map((name) => weights[name] ?? 0.5)
  const most = Math.max(...given)
  if (most === 0) throw new TreatmentError('bad_weight', 'all weights are 0; give at least one attribute a weight')
  return given.map((weight) => weight / most)
}

function checkAsked(table: PlannedTable, asker: string, attribute: string): void {
  const role = table.roles[attribute]
  const columns = table.dataset.columns.map((column) => column.field.name)
  if (!columns.includes(attribute)) throw unknownAttribute(asker, attribute, columns)
  if (role === 'quasi' || role === 'identifying') {
    throw new TreatmentError('wrong_role', `${asker} looks at ${attribute}, which has the role ${role}; give it the role sensitive`, attribute)
  }
}

function unknownAttribute(where: string, name: string, known: readonly string[]): TreatmentError {
  return new TreatmentError('unknown_attribute', `${where} name the attribute ${name}, which is not there; use ${known.join(', ')}`, name)
}

function named(hierarchy: Hierarchy | undefined, attribute: string): Hierarchy | undefined {
  return hierarchy && hierarchy.attribute !== attribute ? { ...hierarchy, attribute } : hierarchy
}

function keepOrSuppress(dataset: Dataset, name: string, population: Dataset | undefined): Hierarchy {
  const values = new Set<string>()
  for (const table of population ? [dataset, population] : [dataset]) {
    for (const label of distinctLabels(
      columnOf(table, name),
      Int32Array.from({ length: table.rowCount }, (_, row) => row),
    ))
      values.add(label)
  }
  return suppressionHierarchy(name, [...values])
}

function suppressedOut(rowCount: number, include: (row: number) => boolean): number {
  let count = 0
  for (let row = 0; row < rowCount; row++) if (include(row)) count++
  return count
}
