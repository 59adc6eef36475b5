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
    people < floor ? fail('people', 'people_few', { floor }) : pass('people', 'people_enough', { floor }),
    ...(whole ? [] : [review('looked_at', 'looked_at_first', { rows: rowsLookedAtMax })]),
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
  if (treatment === undefined || risk === undefined) return [review('risk', 'risk_untreated')]
  const percent = (share: number) => (100 * share).toFixed(1)
  if (risk <= 1 / floor + 1e-9) return [pass('risk', 'risk_within', { risk: percent(risk) })]
  return [review('risk', 'risk_above', { risk: percent(risk), bound: percent(1 / floor) })]
}

function differencing(guard: DifferencingOutcome, floor: number): Check {
  if (guard.outcome === 'release') return pass('differencing', 'differencing_clear')
  return review('differencing', 'differencing_isolates', { releases: guard.isolations.length, floor })
}

const notCompared = (releases: number): Check[] => (releases === 0 ? [] : [review('not_compared', 'not_compared', { releases })])
