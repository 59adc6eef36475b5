/** A file held to models that a plan or the command line names. */
import { csvHierarchy } from '@gatehouse/privacy/hierarchy/csv'
import type { Hierarchy } from '@gatehouse/privacy/hierarchy/hierarchy'
import { hierarchyFor } from '@gatehouse/privacy/hierarchy/spec'
import { modelFrom, parseModels } from '@gatehouse/privacy/model/catalogue'
import { type CheckResult, check } from '@gatehouse/privacy/model/check'
import type { PrivacyModel } from '@gatehouse/privacy/model/model'
import { columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import { type PlanFile, parseJson, readPlan } from './read-plan.ts'
import { readTable } from './read-table.ts'
import { TableError } from './table-error.ts'

export interface CheckFile {
  readonly plan?: string
  /** JSON. */
  readonly models?: string
  readonly quasi?: readonly string[]
  readonly untreated?: string
}

/** @throws TableError or ModelError when nothing can be told: no models, no columns, a file that cannot be read, a missing population */
export async function checkFile(path: string, asked: CheckFile, show: boolean): Promise<CheckResult> {
  const plan = asked.plan === undefined ? undefined : await readPlan(asked.plan, true)
  const models = asked.models === undefined ? (plan?.plan.models.map(modelFrom) ?? []) : parseModels(parseJson('--models', asked.models))
  const quasi = asked.quasi ?? Object.entries(plan?.plan.columns ?? {}).flatMap(([name, { role }]) => (role === 'quasi' ? [name] : []))
  if (models.length === 0) throw new TableError('no_models', path, 'say what to check: give --models or --plan')
  if (quasi.length === 0) throw new TableError('no_quasi_identifier', path, 'say by which columns people could be recognised: give --quasi or --plan')
  if (models.some((model) => model.needsPopulation))
    throw new TableError(
      'population_missing',
      path,
      'models about a population cannot be told from the table alone; treat with a plan that names the population',
    )
  const columns = [...new Set([...quasi, ...models.flatMap((model) => model.attributes)])]
  const dataset = await readColumns(path, columns, show)
  const untreated =
    asked.untreated === undefined
      ? undefined
      : await readColumns(
          asked.untreated,
          models.flatMap((model) => model.attributes),
          show,
        )
  const sensitive = plan === undefined ? {} : sensitiveHierarchies(plan, models, untreated ?? dataset)
  return check(dataset, { quasiIdentifiers: quasi, models, sensitive, ...(untreated === undefined ? {} : { untreated }) })
}

/** Generalised values are text whatever they were before, so everything is read as text. */
async function readColumns(path: string, wanted: readonly string[], show: boolean): Promise<Dataset> {
  return readTable(path, {
    fields(columns) {
      const missing = wanted.filter((name) => !columns.includes(name))
      if (missing.length > 0) throw new TableError('missing_column', path, `the table has no column ${missing.join(', ')}; it has ${columns.join(', ')}`)
      return columns
        .filter((name) => wanted.includes(name))
        .map((name) => ({ name, type: 'string' as const, sensitivity: 'sensitive' as const, nullable: true }))
    },
    show,
  })
}

function sensitiveHierarchies({ plan, hierarchyFiles }: PlanFile, models: readonly PrivacyModel[], dataset: Dataset): Record<string, Hierarchy> {
  const found: Record<string, Hierarchy> = {}
  for (const name of models.flatMap((model) => model.attributes)) {
    const spec = plan.columns[name]?.hierarchy
    if (spec === undefined) continue
    if (spec.kind !== 'file') found[name] = hierarchyFor(columnOf(dataset, name), spec)
    else found[name] = csvHierarchy(name, hierarchyFiles.get(spec.path) ?? '', spec.delimiter === undefined ? {} : { delimiter: spec.delimiter })
  }
  return found
}
