/** What a report tells of a plan that was run. */
import { type Column, columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import type { RiskRound } from '../loop/risk-loop.ts'
import { modelFrom } from '../model/catalogue.ts'
import type { CheckResult } from '../model/check.ts'
import type { ColumnFigures, ReportColumn, ReportData, ReportLoop, ReportModel } from '../report/data.ts'
import { percent } from '../report/figures.ts'
import { equivalenceClasses, histogramOf } from '../risk/equivalence-classes.ts'
import { estimateUniqueness } from '../risk/population-uniqueness.ts'
import { sampleRisk } from '../risk/sample-risk.ts'
import type { Operated } from './operate.ts'
import { qualityOf } from './quality.ts'
import type { Release } from './release.ts'
import type { Plan, RiskLoopPlan } from './schema.ts'
import { voidedModels } from './voided.ts'

interface Outcome {
  readonly dataset: Dataset
  readonly operated: Operated
  readonly plan: Plan
  readonly quasi: readonly string[]
  readonly hierarchies: Readonly<Record<string, Hierarchy>>
  readonly release: Release | undefined
  readonly verdicts: CheckResult | undefined
  readonly loop: LoopTrace | undefined
}

export interface LoopTrace {
  readonly met: boolean
  readonly trace: readonly RiskRound<number>[]
}

/** Labels of a level that a report shows. */
const labelsShown = 8

export function reportOf(outcome: Outcome): Omit<ReportData, 'title' | 'at'> {
  const { dataset, plan, release, loop, operated } = outcome
  const { threshold, population_size } = plan.risk
  const quasiBefore = Object.entries(plan.columns).flatMap(([name, { role }]) => (role === 'quasi' ? [name] : []))
  const before = equivalenceClasses(dataset, quasiBefore, () => false).sizes
  const after = release === undefined || release.dataset.rowCount === 0 ? undefined : release.classes.sizes
  const search = searchOf(outcome)
  const uniqueness = population_size === undefined || after === undefined ? undefined : uniquenessOf(before, after, population_size)
  return {
    rowsBefore: dataset.rowCount,
    rowsAfter: release?.dataset.rowCount ?? 0,
    rowsSuppressed: operated.dataset.rowCount - (release?.dataset.rowCount ?? 0),
    suppressionLimit: plan.suppression_limit,
    riskThreshold: threshold,
    riskBefore: sampleRisk(before, threshold),
    ...(after === undefined ? {} : { riskAfter: sampleRisk(after, threshold, release?.populationSizes) }),
    ...(uniqueness === undefined ? {} : { populationUniqueness: uniqueness }),
    models: modelsOf(outcome),
    columns: Object.keys(plan.columns).map((name) => columnReport(name, outcome)),
    ...(search === undefined ? {} : { search }),
    ...(loop === undefined || plan.risk_loop === undefined ? {} : { loop: loopOf(loop, plan.risk_loop) }),
  }
}

function uniquenessOf(before: Int32Array, after: Int32Array, populationSize: number): ReportData['populationUniqueness'] {
  const [was, is] = [before, after].map((sizes) => estimateUniqueness(histogramOf(sizes), populationSize))
  return was === undefined || is === undefined ? undefined : { before: was.share, after: is.share, estimator: is.estimator, populationSize }
}

function modelsOf({ plan, verdicts }: Outcome): ReportModel[] {
  const voided = voidedModels(plan)
  return plan.models.map((spec, index) => {
    const { name, description } = modelFrom(spec)
    const by = voided.find(({ model }) => model === index)
    if (by !== undefined)
      return {
        name,
        description,
        verdict: 'voided',
        remark: `Given up by the plan: ${by.operator.spec.operator}${by.column === undefined ? '' : ` of ${by.column}`} takes its meaning away.`,
      }
    const verdict = verdicts?.models[index]
    if (verdict?.holds === true) return { name: verdict.name, description: verdict.description, verdict: 'holds' }
    return { name, description, verdict: 'fails', ...(verdict === undefined ? { remark: 'Nothing was released.' } : {}) }
  })
}

function columnReport(name: string, { dataset, operated, plan, hierarchies, release }: Outcome): ReportColumn {
  const planned = plan.columns[name]
  const done = operated.done.get(name) ?? []
  const left = release?.dataset.columns.find(({ field }) => field.name === name)
  const gone = planned?.role === 'identifying' && !operated.masked.has(name)
  return {
    name,
    role: planned?.role ?? 'insensitive',
    done: gone ? [...done, { what: 'Taken out: it names people directly.' }] : done,
    before: figuresOf(columnOf(dataset, name)),
    ...(left === undefined ? {} : { after: figuresOf(left) }),
    ...(release === undefined || left === undefined || planned?.role !== 'quasi'
      ? {}
      : { generalisation: generalisationOf(name, release, hierarchies[name], left, planned.weight) }),
  }
}

function generalisationOf(
  name: string,
  { rounds, perAttributeLoss }: Release,
  hierarchy: Hierarchy | undefined,
  left: Column,
  weight: number | undefined,
): NonNullable<ReportColumn['generalisation']> {
  const level = rounds[0].levelsByAttribute[name] ?? 0
  // Only labels that are released; at level 0 they would be people's own values, and without a hierarchy there is no other.
  const occurring = left.kind === 'dictionary' ? new Set(left.codes) : new Set<number>()
  const labels = level === 0 || left.kind === 'number' ? [] : left.dictionary.filter((_, code) => occurring.has(code))
  return {
    level,
    height: (hierarchy?.levels.length ?? 2) - 1,
    weight: weight ?? 0.5,
    labels: labels.slice(0, labelsShown),
    labelCount: labels.length,
    loss: perAttributeLoss[name] ?? 0,
  }
}

function figuresOf(column: Column): ColumnFigures {
  if (column.kind === 'dictionary') {
    const missing = column.codes.reduce((count, code) => count + (code < 0 ? 1 : 0), 0)
    return { distinct: new Set(column.codes).size - (missing > 0 ? 1 : 0), missing }
  }
  const present = column.values.filter((value) => !Number.isNaN(value))
  const missing = column.values.length - present.length
  if (present.length === 0) return { distinct: 0, missing }
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length
  const deviation = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length)
  return { distinct: new Set(present).size, missing, mean, deviation }
}

function searchOf({ plan, release, quasi, hierarchies }: Outcome): ReportData['search'] {
  if (release === undefined) return undefined
  const [first] = release.rounds
  const measure = qualityOf(plan)
  return {
    strategy: plan.strategy,
    optimal: first.optimal && release.rounds.length === 1,
    measure: measure.name,
    measureDescription: measure.description,
    value: release.loss,
    nodes: first.latticeSize,
    checked: first.checked,
    heights: quasi.map((name) => (hierarchies[name]?.levels.length ?? 2) - 1),
    levels: first.node,
    rounds: release.rounds.length,
  }
}

const measureWords = {
  prosecutor: 'highest risk of a row, of somebody who knows that a person is in the table,',
  journalist: 'highest risk of a row, of somebody who knows that a person is in the population,',
  marketer: 'share of rows that can be expected to be re-identified',
} as const

function loopOf({ met, trace }: LoopTrace, { knob, measure, threshold }: RiskLoopPlan): ReportLoop {
  return {
    met,
    goal: `${measureWords[measure]} at most ${percent(threshold)}`,
    rounds: trace.map(({ setting, risk, loss, suppressedRows }) => ({
      setting: `${knob === 'k' ? 'k' : 'suppression limit'} = ${setting}`,
      ...(risk === undefined ? { remark: 'no treatment satisfies this' } : { risk }),
      ...(loss === undefined ? {} : { loss }),
      ...(suppressedRows === undefined ? {} : { suppressed: suppressedRows }),
    })),
  }
}
