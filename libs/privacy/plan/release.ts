/** A treatment as rows, and what an independent check says of them. */
import { columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import { hierarchyFor } from '../hierarchy/spec.ts'
import { type CheckResult, check } from '../model/check.ts'
import { takeRows } from '../operator/table.ts'
import { type EquivalenceClasses, equivalenceClasses } from '../risk/equivalence-classes.ts'
import { populationClasses } from '../risk/population-classes.ts'
import { applyNode } from '../search/apply.ts'
import type { Treatment } from '../search/treatment.ts'
import type { Task } from './task.ts'

/** A treatment with its rows. */
export interface Release {
  readonly treatment: Treatment
  readonly dataset: Dataset
  readonly classes: EquivalenceClasses
  readonly populationSizes?: ArrayLike<number>
}

/** The rows that are released, without those suppressed. */
export function releaseOf(task: Task, treatment: Treatment): Release {
  const applied = treatment.apply()
  const kept = Int32Array.from(applied.suppressed.keys()).filter((row) => applied.suppressed[row] === 0)
  const dataset = takeRows(applied, kept)
  const classes = equivalenceClasses(dataset, task.quasi, () => false)
  const population = populationAs(task, treatment)
  return {
    treatment,
    dataset,
    classes,
    ...(population === undefined ? {} : { populationSizes: populationClasses(dataset, classes, population, task.quasi).sizes }),
  }
}

/** The population, generalised as the table was. */
function populationAs({ options, quasi, dataset }: Task, { node }: Treatment): Dataset | undefined {
  const { population, hierarchies = {}, roles } = options
  if (population === undefined) return undefined
  const ordered = quasi.map((name) => hierarchies[name] ?? hierarchyFor(columnOf(dataset, name), { kind: 'suppression' }, [columnOf(population, name)]))
  return applyNode({ dataset: population, roles, hierarchies: ordered, levels: node, suppressed: new Uint8Array(population.rowCount) })
}

/** Counts everything anew from the released rows. */
export function verdictsOn(task: Task, { treatment, dataset }: Release): CheckResult {
  const { hierarchies = {}, roles } = task.options
  const sensitive = Object.fromEntries(Object.entries(hierarchies).filter(([name]) => roles[name] !== 'quasi'))
  const population = populationAs(task, treatment)
  const untreated = task.dataset
  const asked = { quasiIdentifiers: task.quasi, models: task.models, sensitive, untreated, suppressed: () => false }
  return check(dataset, population === undefined ? asked : { ...asked, population })
}
