/**
 * A plan run on a table: operators, then the search for a generalisation, then a check of the outcome that trusts nothing of what
 * went before. What does not hold is not handed out.
 */
import type { Dataset } from '@gatehouse/tabular/dataset'
import { type NotMetReason, riskLoop } from '../loop/risk-loop.ts'
import type { ReportData } from '../report/data.ts'
import { TreatmentError } from '../search/error.ts'
import type { Mapping } from '../search/mapping.ts'
import { prepare, treat } from '../search/treat.ts'
import type { Treatment } from '../search/treatment.ts'
import { operate } from './operate.ts'
import { type Release, releaseOf, verdictsOn } from './release.ts'
import { type LoopTrace, reportOf } from './report-data.ts'
import type { Plan, RiskLoopPlan } from './schema.ts'
import { type PlanDependencies, type Task, taskOf } from './task.ts'

export type PlanReport = Omit<ReportData, 'title' | 'at'>

export type PlanResult =
  | {
      readonly outcome: 'released'
      /** Without suppressed rows and identifying columns. */
      readonly dataset: Dataset
      readonly treatment: Treatment
      readonly mapping: Mapping
      readonly report: PlanReport
    }
  | { readonly outcome: 'not_met'; readonly reason: NotMetReason | 'check_failed'; readonly report: PlanReport }

/**
 * @param dataset read with the fields that `planFields` gives
 * @throws PlanError, OperatorError, HierarchyError, TreatmentError or ModelError; each says where and how to mend it
 */
export async function runPlan(dataset: Dataset, plan: Plan, dependencies: PlanDependencies): Promise<PlanResult> {
  const operated = operate(dataset, plan, dependencies.random, dependencies.masks)
  const task = taskOf(plan, operated, dependencies)
  const found: Found = plan.risk_loop === undefined ? { release: releaseOf(task, treat(operated.dataset, task.options)) } : await loop(task, plan.risk_loop)
  const { release } = found
  const verdicts = release === undefined || release.dataset.rowCount === 0 ? undefined : verdictsOn(task, release)
  const report = reportOf({ dataset, operated, plan, quasi: task.quasi, hierarchies: task.options.hierarchies ?? {}, release, verdicts, loop: found.loop })
  if (release === undefined) return { outcome: 'not_met', reason: found.reason ?? 'nothing_left', report }
  if (verdicts === undefined) return { outcome: 'not_met', reason: 'nothing_left', report }
  if (report.models.some(({ verdict }) => verdict === 'fails')) return { outcome: 'not_met', reason: 'check_failed', report }
  return { outcome: 'released', dataset: release.dataset, treatment: release.treatment, mapping: release.treatment.mapping, report }
}

interface Found {
  readonly release?: Release
  readonly reason?: NotMetReason
  readonly loop?: LoopTrace
}

async function loop(task: Task, { knob, settings, measure, threshold, max_rounds }: RiskLoopPlan): Promise<Found> {
  const search = prepare(task.dataset, task.options)
  const result = await riskLoop({
    knob: { name: knob, settings },
    measure,
    threshold,
    maxRounds: max_rounds,
    ...(task.options.signal === undefined ? {} : { signal: task.options.signal }),
    treat(setting) {
      try {
        const treatment = search.ask(knob === 'k' ? { k: setting } : { suppressionLimit: setting })
        const release = releaseOf(task, treatment)
        const { loss, suppressed, perAttributeLoss } = treatment
        const sizes = { classSizes: release.classes.sizes, ...(release.populationSizes === undefined ? {} : { populationSizes: release.populationSizes }) }
        return { ...sizes, release, loss, suppressedRows: suppressed, attributeLoss: perAttributeLoss }
      } catch (error) {
        if (error instanceof TreatmentError && error.code === 'unsatisfiable') return undefined
        throw error
      }
    },
  })
  const told = { met: result.outcome === 'met', trace: result.trace }
  return result.outcome === 'met' ? { release: result.treated.release, loop: told } : { reason: result.reason, loop: told }
}
