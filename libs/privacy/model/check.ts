/**
 * Holds any table to privacy models, whoever made it. Nothing is trusted that its maker says: classes, distributions and
 * population counts are counted from the rows.
 */
import { columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { type EquivalenceClasses, equivalenceClasses, histogramOf, type Suppressed, suppressionMarker } from '../risk/equivalence-classes.ts'
import { populationClasses } from '../risk/population-classes.ts'
import { type EquivalenceClass, ModelError, type PrivacyModel, type ReleasedClasses, type TableFacts } from './model.ts'
import { type SensitiveValues, sensitiveValues } from './sensitive-values.ts'

export interface CheckOptions {
  readonly quasiIdentifiers: readonly string[]
  readonly models: readonly PrivacyModel[]
  /** Hierarchies of sensitive attributes by column, for the ordered and the hierarchical distance. */
  readonly sensitive?: Readonly<Record<string, Hierarchy>>
  /** The population the table was drawn from, with the same quasi-identifiers, generalised in the same way. */
  readonly population?: Dataset
  /** The table before treatment; without it the table's own sensitive values are the whole that classes are compared with. */
  readonly untreated?: Dataset
  /**
   * Which rows count as suppressed and belong to no class: those with this marker (`*` unless said otherwise) or no value in every
   * quasi-identifier, or those for which the predicate is true. A column that is `*` throughout suppresses nobody by itself.
   */
  readonly suppressed?: Suppressed
}

/** A class that fails; where to look, without a value of the data. */
export interface FailingClass {
  readonly size: number
  readonly populationSize: number
  /** The first row of the class, from 0. */
  readonly firstRow: number
}

export interface ModelVerdict {
  readonly name: string
  readonly description: string
  readonly holds: boolean
  readonly classesFailing: number
  readonly rowsFailing: number
  /** Population rows that look like no row of the table and, by the model, have to. */
  readonly populationRowsFailing: number
  /** The smallest failing class; absent where none fails, also where the model fails for the table as a whole. */
  readonly worst?: FailingClass
}

export interface CheckResult {
  readonly holds: boolean
  readonly rowCount: number
  readonly suppressedRows: number
  readonly classCount: number
  readonly models: readonly ModelVerdict[]
}

/**
 * @throws RangeError without a quasi-identifier, or for a column that the dataset has not
 * @throws ModelError without a model, or when one cannot be bound: k beyond the rows, a missing hierarchy, order or population
 */
export function check(dataset: Dataset, options: CheckOptions): CheckResult {
  const { quasiIdentifiers, models, suppressed = suppressionMarker } = options
  if (models.length === 0) throw new ModelError('name at least one model to check')
  const attributes = [...new Set(models.flatMap((model) => model.attributes))]
  for (const name of attributes) {
    if (quasiIdentifiers.includes(name))
      throw new ModelError(`${name} is a quasi-identifier and sensitive; rows that look alike would all share it, so choose one`)
    columnOf(dataset, name)
  }
  const classes = equivalenceClasses(dataset, quasiIdentifiers, suppressed)
  const population = options.population && populationClasses(dataset, classes, options.population, quasiIdentifiers)
  const marker = typeof suppressed === 'string' ? suppressed : suppressionMarker
  const sensitive = new Map(
    attributes.map((name) => {
      const { classOf, sizes } = classes
      const source = { dataset, classOf, classCount: sizes.length, marker, hierarchy: options.sensitive?.[name], untreated: options.untreated }
      return [name, sensitiveValues(name, source)]
    }),
  )
  const facts: TableFacts = {
    rowCount: dataset.rowCount,
    ...(population ? { populationCount: population.rowCount } : {}),
    sensitive: (name) => known(sensitive, name).attribute,
  }
  const verdicts = models.map((model) => verdictOn(model, facts, classes, sensitive, population?.sizes, population?.unmatched ?? []))
  return {
    holds: verdicts.every((verdict) => verdict.holds),
    rowCount: dataset.rowCount,
    suppressedRows: classes.suppressedRows,
    classCount: classes.sizes.length,
    models: verdicts,
  }
}

function verdictOn(
  model: PrivacyModel,
  facts: TableFacts,
  classes: EquivalenceClasses,
  sensitive: ReadonlyMap<string, SensitiveValues>,
  populationSizes: Int32Array | undefined,
  unmatched: Iterable<number>,
): ModelVerdict {
  const bound = model.bind(facts)
  let classesFailing = 0
  let rowsFailing = 0
  let worst: FailingClass | undefined
  for (const [index, size] of classes.sizes.entries()) {
    const populationSize = populationSizes?.[index] ?? 0
    const group: EquivalenceClass = { size, populationSize, distribution: (name) => known(sensitive, name).distributionOf(index) }
    if (size >= model.minimumClassSize && bound.holdsFor(group)) continue
    classesFailing++
    rowsFailing += size
    if (worst === undefined || size < worst.size) worst = { size, populationSize, firstRow: classes.firstRow[index] ?? 0 }
  }
  let populationRowsFailing = 0
  for (const size of unmatched) if (bound.holdsForAbsent?.(size) === false) populationRowsFailing += size
  const holdsForAll = bound.holdsForAll?.(releasedClasses(classes)) ?? true
  return {
    name: model.name,
    description: model.description,
    holds: classesFailing === 0 && populationRowsFailing === 0 && holdsForAll,
    classesFailing,
    rowsFailing,
    populationRowsFailing,
    ...(worst ? { worst } : {}),
  }
}

function releasedClasses({ sizes, rowCount, suppressedRows }: EquivalenceClasses): ReleasedClasses {
  return { classCount: sizes.length, rowCount: rowCount - suppressedRows, classesOfSize: histogramOf(sizes) }
}

function known(sensitive: ReadonlyMap<string, SensitiveValues>, name: string): SensitiveValues {
  const found = sensitive.get(name)
  if (!found) throw new RangeError(`no model of this check has asked for the attribute ${name}`)
  return found
}
