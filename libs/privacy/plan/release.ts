/** A treatment as rows, and what an independent check says of them. */
import { columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import { hierarchyFor } from '../hierarchy/spec.ts'
import { type CheckResult, check } from '../model/check.ts'
import { takeRows } from '../operator/table.ts'
import { type EquivalenceClasses, equivalenceClasses } from '../risk/equivalence-classes.ts'
import { populationClasses } from '../risk/population-classes.ts'
import { applyNode, type TreatedDataset } from '../search/apply.ts'
import { TreatmentError } from '../search/error.ts'
import { localRecode } from '../search/local-recode.ts'
import type { Treatment } from '../search/treatment.ts'
import type { Task } from './task.ts'

/** A treatment with its rows. */
export interface Release {
  /** One, or one for each part of the table under local recoding. */
  readonly rounds: readonly [Treatment, ...Treatment[]]
  readonly loss: number
  readonly perAttributeLoss: Readonly<Record<string, number>>
  readonly dataset: Dataset
  readonly classes: EquivalenceClasses
  readonly populationSizes?: ArrayLike<number>
}

/** The rows that are released, without those suppressed. */
export function releaseOf(task: Task, treatment: Treatment): Release {
  const { loss, perAttributeLoss } = treatment
  const population = populationAs(task, treatment)
  return { rounds: [treatment], loss, perAttributeLoss, ...rowsOf(task, treatment.apply(), population) }
}

/** @throws TreatmentError `unsuitable_model` for a model that merging classes may break */
export function localReleaseOf(task: Task): Release {
  const { rounds, loss, perAttributeLoss, apply } = localRecode(task.dataset, task.options)
  const [first, ...more] = rounds
  if (first === undefined)
    throw new TreatmentError('unsatisfiable', 'no generalisation keeps the models for any row; raise the suppression limit or weaken a model')
  return { rounds: [first, ...more], loss, perAttributeLoss, ...rowsOf(task, apply(), undefined) }
}

/** Suppressed rows are left out. */
function rowsOf(task: Task, applied: TreatedDataset, population: Dataset | undefined): Pick<Release, 'dataset' | 'classes' | 'populationSizes'> {
  const kept = Int32Array.from(applied.suppressed.keys()).filter((row) => applied.suppressed[row] === 0)
  const dataset = takeRows(applied, kept)
  const classes = equivalenceClasses(dataset, task.quasi, () => false)
  return {
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
export function verdictsOn(task: Task, { rounds, dataset }: Release): CheckResult {
  const { hierarchies = {}, roles } = task.options
  const sensitive = Object.fromEntries(Object.entries(hierarchies).filter(([name]) => roles[name] !== 'quasi'))
  const population = populationAs(task, rounds[0])
  const untreated = task.dataset
  const asked = { quasiIdentifiers: task.quasi, models: task.models, sensitive, untreated, suppressed: () => false }
  return check(dataset, population === undefined ? asked : { ...asked, population })
}
