/** One file treated by a plan into another, with its report. Nothing is written before everything is done. */
import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { planFields } from '@gatehouse/privacy/plan/fields'
import { type PlanResult, runPlan } from '@gatehouse/privacy/plan/run'
import { secureRandom } from '@gatehouse/privacy/random/secure'
import { seededRandom } from '@gatehouse/privacy/random/seeded'
import { htmlReport } from '@gatehouse/privacy/report/report'
import type { Dataset } from '@gatehouse/tabular/dataset'
import { count } from '../terminal/output.ts'
import { openProgress } from '../terminal/progress.ts'
import { type PlanFile, readPlan } from './read-plan.ts'
import { readTable } from './read-table.ts'
import { type NewFile, refuseOverwriting, writeFiles } from './write-files.ts'
import { requireFormat, tableContent } from './write-table.ts'

export interface TreatFile {
  readonly input: string
  readonly plan: string
  readonly output: string
  readonly report?: string
  /** The mapping of values to what they became, to treat new rows alike. It names values: keep it as the input. */
  readonly mapping?: string
  readonly insecureSeed: boolean
  readonly formulaGuard: boolean
  readonly show: boolean
  /** When it happens, for the report. */
  readonly now: () => Date
}

export async function treatFile(task: TreatFile): Promise<PlanResult> {
  const { input, output, report, mapping, show } = task
  requireFormat(output)
  const planFile = await readPlan(task.plan, task.insecureSeed)
  const targets = [output, ...(report === undefined ? [] : [report]), ...(mapping === undefined ? [] : [mapping])]
  await refuseOverwriting(targets, [input, task.plan, ...planFile.files])
  const dataset = await readPlanned(input, planFile, show)
  const { population } = planFile.plan
  const everybody =
    population === undefined ? undefined : await readPlanned(planFile.resolve(population.path), { ...planFile, plan: forPopulation(planFile.plan) }, show)
  const result = await searched(dataset, planFile, everybody, show)
  const page = report === undefined ? [] : [{ path: report, content: [htmlReport({ title: basename(input), at: task.now().toISOString(), ...result.report })] }]
  const rows: NewFile[] = result.outcome === 'released' ? [{ path: output, content: await tableContent(output, result.dataset, task.formulaGuard) }] : []
  const map: NewFile[] =
    result.outcome === 'released' && mapping !== undefined ? [{ path: mapping, content: [`${JSON.stringify(result.mappings, null, 2)}\n`] }] : []
  await writeFiles([...page, ...map, ...rows])
  return result
}

async function readPlanned(path: string, { plan }: PlanFile, show: boolean): Promise<Dataset> {
  return readTable(path, {
    fields: (columns, natural) => planFields(plan, columns, natural),
    dateOrder: (column) => plan.columns[column]?.date_order,
    show,
  })
}

/** Of the population only the quasi-identifiers matter. */
function forPopulation(plan: PlanFile['plan']): PlanFile['plan'] {
  return { ...plan, columns: Object.fromEntries(Object.entries(plan.columns).filter(([, { role }]) => role === 'quasi')), other_columns: 'leave_out' }
}

async function searched(dataset: Dataset, { plan, hierarchyFiles }: PlanFile, population: Dataset | undefined, show: boolean): Promise<PlanResult> {
  const steps = 1_000
  const progress = openProgress('Searching', steps, show)
  try {
    return await runPlan(dataset, plan, {
      random: plan.seed === undefined ? secureRandom(nodePrimitives.randomBytes) : seededRandom(plan.seed),
      // A key that nobody keeps: pseudonyms are the same within the file and nowhere else.
      masks: { primitives: nodePrimitives, key: randomBytes(32) },
      hierarchyFiles,
      now: () => performance.now(),
      onProgress: ({ resolved, checked, latticeSize }) => progress.to(resolved * steps, `${count(checked)} of ${count(latticeSize)} combinations looked at`),
      ...(population === undefined ? {} : { population }),
    })
  } finally {
    progress.end()
  }
}
