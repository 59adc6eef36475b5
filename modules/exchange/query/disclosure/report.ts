/**
 * What is laid beside a result for its reviewers, in the manner of ACRO: each check with its status, what was found, and what would mend
 * it. Whatever the treatment says of itself, the rows are looked at as they stand. Pure but for the rows, which come as they are read.
 */
import type { DifferencingOutcome } from '@gatehouse/privacy/aggregate/differencing'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Dataset } from '@gatehouse/tabular/dataset'
import { joinChunks } from '@gatehouse/tabular/rows'
import type { ResultView, SdcReport } from '../results/schema.ts'
import type { RunFacts } from '../runs/store.ts'
import { type Check, fail, pass, review } from './checks/check.ts'
import { columnChecks } from './checks/columns.ts'
import { figureChecks } from './checks/figures.ts'
import { rowChecks } from './checks/rows.ts'

export interface Reported {
  readonly plan: QueryPlan
  readonly floor: number
  readonly people: number
  readonly facts: RunFacts
  readonly columns: ResultView['columns']
  /** What each step says of itself, by its id; of the figures, how many cells were hidden by which rule. */
  readonly outputs: ReadonlyMap<string, { readonly facts: { readonly reasons: Readonly<Record<string, number>> } }>
  readonly guard: DifferencingOutcome
  /** Earlier releases of the same tables whose cohorts cannot be compared with this one's. */
  readonly uncompared: number
  /** The rows of the result. */
  readonly chunks: AsyncIterable<Dataset>
}

/** More are not held in memory at once; how many were looked at stands in the report. */
const rowsLookedAtMax = 5_000_000

export async function reportOf({ plan, floor, people, facts, columns, outputs, guard, uncompared, chunks }: Reported): Promise<SdcReport> {
  const { table, rows, whole } = await tableOf(chunks)
  const hidden = outputs.get('aggregate')?.facts.reasons ?? {}
  const looked = { columns, form: plan.form, floor, treated: plan.treatment !== undefined }
  const risk = facts.risk_after?.prosecutor_highest
  const checks: Check[] = [
    people < floor
      ? fail('people', `It is about fewer people than the floor of ${floor}.`, 'Ask about more people.')
      : pass('people', `It is about ${floor} people or more.`),
    ...(whole ? [] : [review('looked_at', `Only the first ${rowsLookedAtMax} rows were looked at.`, 'Ask for fewer rows, or for figures.')]),
    ...(table.rowCount === 0
      ? []
      : plan.aggregation === undefined
        ? [...rowChecks(table, { ...looked, k: smallestClass(plan) }), ...riskChecks(plan, risk, floor), ...columnChecks(table, looked)]
        : figureChecks(table, { aggregation: plan.aggregation, floor, hidden })),
    differencing(guard, floor),
    ...notCompared(uncompared),
  ]
  return {
    status: (['fail', 'review'] as const).find((status) => checks.some((check) => check.status === status)) ?? 'pass',
    checks,
    rows,
    people,
    floor,
    risk_highest: risk ?? null,
    loss: facts.loss ?? null,
    cells_suppressed: plan.aggregation === undefined ? null : Object.values(hidden).reduce((sum, cells) => sum + cells, 0),
  }
}

async function tableOf(chunks: AsyncIterable<Dataset>): Promise<{ readonly table: Dataset; readonly rows: number; readonly whole: boolean }> {
  const kept: Dataset[] = []
  let [rows, looked] = [0, 0]
  for await (const chunk of chunks) {
    rows += chunk.rowCount
    if (looked + chunk.rowCount > rowsLookedAtMax) continue
    looked += chunk.rowCount
    kept.push(chunk)
  }
  return { table: joinChunks(kept), rows, whole: looked === rows }
}

const smallestClass = ({ treatment }: QueryPlan): number | undefined =>
  treatment?.models
    .flatMap((model) => (model.model === 'k_anonymity' ? [model.k] : []))
    .reduce<number | undefined>((most, k) => Math.max(most ?? 0, k), undefined)

function riskChecks({ treatment }: QueryPlan, risk: number | undefined, floor: number): Check[] {
  if (treatment === undefined || risk === undefined)
    return [review('risk', 'The rows are not treated, so nothing bounds the risk.', 'Add a treatment to the plan.')]
  const said = `The highest risk that somebody’s row is recognised is ${(100 * risk).toFixed(1)} %.`
  if (risk <= 1 / floor + 1e-9) return [pass('risk', said)]
  return [review('risk', `${said} The floor would have it at ${(100 / floor).toFixed(1)} %.`, 'Demand larger classes of rows that look alike.')]
}

function differencing(guard: DifferencingOutcome, floor: number): Check {
  if (guard.outcome === 'release') return pass('differencing', 'No earlier release of the project, subtracted, leaves a few people.')
  return review(
    'differencing',
    `Together with ${guard.isolations.length === 1 ? 'an earlier release' : `${guard.isolations.length} earlier releases`} it would tell of fewer than ${floor} people, were its figures not rounded.`,
    'Ask about the very same people as before, or about clearly others.',
  )
}

function notCompared(uncompared: number): Check[] {
  if (uncompared === 0) return []
  return [
    review(
      'not_compared',
      `${uncompared === 1 ? 'An earlier release' : `${uncompared} earlier releases`} of the project from the same tables cannot be compared with it: their people are told apart otherwise, or nothing tells the rows apart.`,
      'Look at who is meant by both. For the next time, give the table a column that holds the subject, or a key; and link by the same keys.',
    ),
  ]
}
