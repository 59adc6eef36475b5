import type { PartRow } from '../parts/store.ts'
import { partViewOf } from '../parts/view.ts'
import type { StepFigures } from '../plans/schema.ts'
import { told, toldChange } from '../schema.ts'
import { runReasons } from './reasons.ts'
import type { RunSummary, RunView } from './schema.ts'
import type { RiskFacts, RunRow, StepFacts, StepRow } from './store.ts'

const finished = new Set(['held_for_review', 'answered', 'released'])

export function runSummaryOf(row: RunRow, steps: readonly StepRow[]): RunSummary {
  const {
    id,
    project_id,
    plan_id,
    version,
    hash,
    title,
    state,
    reason,
    detail,
    said,
    schedule_id,
    asked_by,
    asked_from,
    asked_at,
    started_at,
    ended_at,
    result_id,
    review_id,
  } = row
  const done = steps.reduce((sum, { progress }) => sum + progress, 0)
  return {
    id,
    project: project_id,
    plan: plan_id,
    version,
    hash,
    title,
    state,
    reason,
    detail: reason === null ? null : [runReasons[reason].words, detail].filter((text) => text !== null).join(' '),
    said: said ?? (detail === null ? null : { code: 'as_is', params: { text: detail } }),
    trigger: schedule_id === null ? 'demand' : 'schedule',
    schedule: schedule_id,
    asked_by,
    asked_from,
    asked_at,
    started_at,
    ended_at,
    progress: finished.has(state) ? 1 : steps.length === 0 ? 0 : Math.min(1, done / steps.length),
    result: result_id,
    review: review_id,
  }
}

/** What a step says of itself, after disclosure control. */
function figuresOf({ rows_in, rows_out, cells_changed, reasons = {} }: StepFacts, floor: number): Omit<StepFigures, 'id' | 'kind' | 'title'> {
  const of = (count: number | undefined) => (count === undefined ? null : told(count, floor))
  return {
    rows_in: of(rows_in),
    rows_out: of(rows_out),
    ...(cells_changed === undefined ? {} : { cells_changed: toldChange(cells_changed, floor) }),
    reasons: Object.fromEntries(Object.entries(reasons).map(([reason, count]) => [reason, toldChange(count, floor)])),
  }
}

/** Each step, or what was done within it where that is told by itself; after disclosure control. */
export function stepsView(steps: readonly Pick<StepRow, 'id' | 'kind' | 'title' | 'facts'>[], floor: number): StepFigures[] {
  return steps.flatMap(({ id, kind, title, facts: { stages, ...own } }) =>
    stages === undefined
      ? [{ id, kind, title, ...figuresOf(own, floor) }]
      : stages.map((stage) => ({ id: `${id}/${stage.kind}`, kind: stage.kind, title: title.replace(kind, stage.kind), ...figuresOf(stage, floor) })),
  )
}

export function runViewOf(row: RunRow, steps: readonly StepRow[], parts: readonly PartRow[]): RunView {
  const { floor, facts, epsilon, code_version } = row
  return {
    ...runSummaryOf(row, steps),
    steps: steps.flatMap((step) => {
      const { state, progress, started_at, ended_at } = step
      return stepsView([step], floor).map((one) => ({ ...one, state, progress, started_at, ended_at }))
    }),
    nodes: parts.map(partViewOf),
    floor,
    risk_before: riskView(facts.risk_before, floor),
    risk_after: riskView(facts.risk_after, floor),
    loss: facts.loss ?? null,
    epsilon: epsilon === null ? null : Number(epsilon),
    code_version,
  }
}

export const riskView = (risk: RiskFacts | undefined, floor: number) => (risk === undefined ? null : { ...risk, rows: told(risk.rows, floor) })
