/** A plan and a table as the search is asked. */
import { type Column, columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import type { Chunk } from '@gatehouse/tabular/push-parser'
import { csvHierarchy } from '../hierarchy/csv.ts'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { hierarchyFor } from '../hierarchy/spec.ts'
import { modelFrom } from '../model/catalogue.ts'
import type { PrivacyModel } from '../model/model.ts'
import type { RandomSource } from '../random/random.ts'
import type { Progress, Role, TreatOptions } from '../search/options.ts'
import { PlanError } from './error.ts'
import type { MaskKeys, Operated } from './operate.ts'
import { qualityOf } from './quality.ts'
import type { ColumnHierarchy, Plan } from './schema.ts'
import { escaped } from './voided.ts'

export interface PlanDependencies {
  readonly random: RandomSource
  /** Contents of the hierarchy files, by the path that the plan writes. */
  readonly hierarchyFiles?: ReadonlyMap<string, Chunk>
  readonly population?: Dataset
  readonly masks?: MaskKeys
  /** A clock in milliseconds, for a budget in time. */
  readonly now?: () => number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: { readonly aborted: boolean }
}

export interface Task {
  readonly plan: Plan
  readonly dataset: Dataset
  readonly quasi: readonly string[]
  readonly models: readonly PrivacyModel[]
  readonly options: TreatOptions
}

/** @throws PlanError or HierarchyError */
export function taskOf(plan: Plan, { dataset, masked }: Operated, dependencies: PlanDependencies): Task {
  const { population, now, onProgress, signal, hierarchyFiles } = dependencies
  if (plan.population !== undefined && population === undefined)
    throw new PlanError('population_missing', 'the plan names a population; give its table', '/population')
  const size = plan.risk.population_size
  if (size !== undefined && size < dataset.rowCount) {
    throw new PlanError(
      'population_too_small',
      `the population has to hold the table's ${dataset.rowCount} rows, and ${size} are fewer`,
      '/risk/population_size',
    )
  }
  const present = dataset.columns.map(({ field }) => field.name)
  const roles: Record<string, Role> = Object.fromEntries(
    present.map((name) => [name, masked.has(name) ? 'insensitive' : (plan.columns[name]?.role ?? 'insensitive')]),
  )
  const models = plan.models.map(modelFrom)
  const hierarchies: Record<string, Hierarchy> = {}
  const weights: Record<string, number> = {}
  for (const [name, { hierarchy, weight, role }] of Object.entries(plan.columns)) {
    if (!present.includes(name)) continue
    const others = role === 'quasi' && population !== undefined ? [columnOf(population, name)] : []
    if (hierarchy !== undefined) hierarchies[name] = hierarchyOf(columnOf(dataset, name), hierarchy, others, hierarchyFiles)
    if (weight !== undefined) weights[name] = weight
  }
  return {
    plan,
    dataset,
    quasi: present.filter((name) => roles[name] === 'quasi'),
    models,
    options: {
      roles,
      hierarchies,
      weights,
      models,
      suppressionLimit: plan.suppression_limit,
      quality: qualityOf(plan),
      aggregate: plan.aggregate,
      strategy: plan.strategy,
      ...(plan.budget === undefined ? {} : { budget: budgetOf(plan.budget) }),
      ...(population === undefined ? {} : { population }),
      ...(now === undefined ? {} : { now }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(signal === undefined ? {} : { signal }),
    },
  }
}

function budgetOf({ ms, checks }: NonNullable<Plan['budget']>): NonNullable<TreatOptions['budget']> {
  return { ...(ms === undefined ? {} : { milliseconds: ms }), ...(checks === undefined ? {} : { checks }) }
}

function hierarchyOf(column: Column, spec: ColumnHierarchy, more: readonly Column[], files: PlanDependencies['hierarchyFiles']): Hierarchy {
  if (spec.kind !== 'file') return hierarchyFor(column, spec, more)
  const { name } = column.field
  const content = files?.get(spec.path)
  if (content === undefined) throw new PlanError('missing_file', `the hierarchy file of ${name} was not given`, `/columns/${escaped(name)}/hierarchy/path`)
  return csvHierarchy(name, content, spec.delimiter === undefined ? {} : { delimiter: spec.delimiter })
}
