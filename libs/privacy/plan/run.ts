/**
 * A plan run on a table: operators, then the search for a generalisation, then a check of the outcome that trusts nothing of what
 * went before. What does not hold is not handed out.
 */
import type { Dataset } from '@gatehouse/tabular/dataset'
import { type NotMetReason, riskLoop } from '../loop/risk-loop.ts'
import { treatTable } from '../loop/table-treatment.ts'
import { modelFrom } from '../model/catalogue.ts'
import type { ReportData } from '../report/data.ts'
import type { Mapping } from '../search/mapping.ts'
import { treat } from '../search/treat.ts'
import { operate } from './operate.ts'
import { localReleaseOf, type Release, releaseOf, verdictsOn } from './release.ts'
import { type LoopTrace, reportOf } from './report-data.ts'
import type { Plan, RiskLoopPlan } from './schema.ts'
import { type PlanDependencies, type Task, taskOf } from './task.ts'

export type PlanReport = Omit<ReportData, 'title' | 'at'>

export type PlanResult =
  | {
      readonly outcome: 'released'
      /** Without suppressed rows and identifying columns. */
      readonly dataset: Dataset
      readonly release: Release
      /** What each value became; several under local recoding, one for each part of the table in turn. */
      readonly mappings: readonly Mapping[]
      readonly report: PlanReport
    }
  | { readonly outcome: 'not_met'; readonly reason: NotMetReason | 'check_failed'; readonly report: PlanReport }

/**
 * @param dataset read with the fields that `planFields` gives
 * @throws PlanError, OperatorError, HierarchyError, TreatmentError or ModelError; each says where and how to mend it
 */
export async function runPlan(dataset: Dataset, plan: Plan, dependencies: PlanDependencies): Promise<PlanResult> {
  const operated = operate(dataset, plan, dependencies.random, dependencies.masks)
  const asked = taskOf(plan, operated, dependencies)
  const found: Found = plan.risk_loop === undefined ? { task: asked, release: once(asked) } : await loop(asked, plan.risk_loop)
  const { release, task } = found
  const verdicts = release === undefined || release.dataset.rowCount === 0 ? undefined : verdictsOn(task, release)
  const { quasi, options } = task
  const report = reportOf({ dataset, operated, plan: task.plan, quasi, hierarchies: options.hierarchies ?? {}, release, verdicts, loop: found.loop })
  if (release === undefined) return { outcome: 'not_met', reason: found.reason ?? 'nothing_left', report }
  if (verdicts === undefined) return { outcome: 'not_met', reason: 'nothing_left', report }
  if (report.models.some(({ verdict }) => verdict === 'fails')) return { outcome: 'not_met', reason: 'check_failed', report }
  return { outcome: 'released', dataset: release.dataset, release, mappings: release.rounds.map(({ mapping }) => mapping), report }
}

interface Found {
  readonly release?: Release
  readonly reason?: NotMetReason
  /** The question that was answered; under a loop the one of its last setting. */
  readonly task: Task
  readonly loop?: LoopTrace
}

function once(task: Task): Release {
  return task.plan.local_recoding ? localReleaseOf(task) : releaseOf(task, treat(task.dataset, task.options))
}

async function loop(task: Task, { knob, settings, measure, threshold, max_rounds }: RiskLoopPlan): Promise<Found> {
  const at = (setting: number): Task => (knob === 'k' ? withK(task, setting) : withLimit(task, setting))
  const { signal } = task.options
  const result = await riskLoop({
    knob: { name: knob, settings },
    measure,
    threshold,
    maxRounds: max_rounds,
    treat: treatTable(task.dataset, (setting: number) => at(setting).options),
    ...(signal === undefined ? {} : { signal }),
  })
  const told = { met: result.outcome === 'met', trace: result.trace }
  if (result.outcome === 'not_met') return { task, reason: result.reason, loop: told }
  const settled = at(result.setting)
  return { task: settled, release: releaseOf(settled, result.treated.treatment), loop: told }
}

function withK(task: Task, k: number): Task {
  return withPlan(task, { ...task.plan, models: task.plan.models.map((spec) => (spec.model === 'k_anonymity' ? { ...spec, k } : spec)) })
}

function withLimit(task: Task, limit: number): Task {
  return withPlan(task, { ...task.plan, suppression_limit: limit })
}

function withPlan(task: Task, plan: Plan): Task {
  const models = plan.models.map(modelFrom)
  return { ...task, plan, models, options: { ...task.options, models, suppressionLimit: plan.suppression_limit } }
}
