/** The end of a run that came to something: disclosure control looks at it, and it is kept, held or released, in one transaction. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { DifferencingOutcome } from '@gatehouse/privacy/aggregate/differencing'
import { type ToldApart, toldApart } from '@gatehouse/query/steps/told-apart'
import type { Tx } from '@gatehouse/runtime/data/db'
import { Refusal, type StepsContext } from '@gatehouse/runtime/door/operation'
import type { NewEvent } from '@gatehouse/runtime/work/outbox'
import { type Manifest, readTable, recordLineage, tableKey } from '../../../custody/catalog/index.ts'
import { requestReview } from '../../../governance/approvals/index.ts'
import { guardPeople, keepPeople } from '../disclosure/differencing.ts'
import type { PeopleDigests } from '../disclosure/people.ts'
import { releaseResult } from '../disclosure/release.ts'
import { reportOf } from '../disclosure/report.ts'
import { countUncompared, insertCohort } from '../disclosure/store.ts'
import type { StepOutcome } from '../executor/index.ts'
import { wrapResultKey } from '../keys.ts'
import { nodesOfResult } from '../parts/join.ts'
import type { PartRow } from '../parts/store.ts'
import type { VersionRow } from '../plans/store.ts'
import { digestOfRows } from '../results/digest.ts'
import { insertResult, type ResultRow, setResultReview } from '../results/store.ts'
import { resultFile } from '../results/table.ts'
import { resultFacts } from '../results/view.ts'
import { planTables } from '../tables.ts'
import type { Cleared } from './checks.ts'
import { changedEvent, runFacts } from './end.ts'
import { inPlaceOf } from './in-place-of.ts'
import { lineageOfRun } from './lineage.ts'
import { columnsOfResult } from './result-columns.ts'
import type { Stop } from './stops.ts'
import { findRun, forgetRunKey, moveRun, type RunFacts, type RunRow, setRunResult, setRunReview, stepsOf } from './store.ts'
import { runSummaryOf } from './view.ts'

export interface Made {
  readonly run: RunRow
  readonly version: VersionRow
  readonly cleared: Cleared
  /** What other nodes gave, or did not. */
  readonly parts: readonly PartRow[]
  readonly result: Id<'query_result'>
  readonly key: Uint8Array
  readonly manifest: Manifest
  /** Absent where nothing tells the people of two rows apart. */
  readonly people: PeopleDigests | undefined
  readonly facts: RunFacts
  readonly outputs: ReadonlyMap<string, StepOutcome>
}

const daySeconds = 86_400

export async function keepResult(ctx: StepsContext, made: Made): Promise<Stop | undefined> {
  const { node, tenant } = ctx
  const { run, version, cleared, result, people, outputs } = made
  const plan = version.document
  const figures = plan.aggregation !== undefined
  if (!(await ctx.step((tx) => moveRun(tx, run.id, { from: 'treating', to: 'disclosure_control', at: ctx.now })))) return undefined
  const guarded = { project: run.project_id, result, floor: cleared.floor }
  const guard: DifferencingOutcome =
    people === undefined ? { outcome: 'release' } : await ctx.step((tx) => guardPeople(node, tx, tenant, { ...guarded, people }))
  const apart = toldApartIn(made)
  const uncompared = await ctx.step((tx) => countUncompared(tx, run.project_id, { result, toldApart: apart }))
  // Figures are rounded, so that a few people more or less show in none of them; of rows each would be seen.
  if (guard.outcome === 'refuse' && !figures) return { reason: 'differencing' }
  const count = made.facts.people ?? made.manifest.rows
  const nodes = nodesOfResult(made.parts)
  const columns = columnsOfResult(plan, made.manifest, outputs, nodes ?? [])
  const chunks = readTable(node.blobs, node.keys.primitives, tableKey(tenant, resultFile(tenant, result), made.key), made.manifest)
  const report = await reportOf({ plan, floor: cleared.floor, people: count, facts: made.facts, columns, outputs, guard, uncompared, chunks })
  const digest = await digestOfRows(node, tenant, run.project_id, { key: made.key, result, manifest: made.manifest })
  const blob = people === undefined ? undefined : await keepPeople(node, tenant, result, people)
  const at = instantOf(node.source.nowMs())
  const row: ResultRow = {
    id: result,
    project_id: run.project_id,
    run_id: run.id,
    plan_id: run.plan_id,
    version: run.version,
    title: plan.output.title,
    form: plan.form,
    kind: figures ? 'figures' : 'rows',
    state: 'held',
    ended_by: null,
    ...(await wrapResultKey(node, tenant, result, made.key)),
    rows: made.manifest.rows,
    columns,
    report,
    digest,
    sources: plan.sources.map(({ as, table }) => ({ as, table, schema_version: (cleared.tables.get(as) ?? cleared.foreign.get(as))?.schema_version ?? 0 })),
    review_id: null,
    made_at: at,
    released_at: null,
    expires_at: addSeconds(at, plan.output.expires_days * daySeconds),
    ended_at: null,
    source: null,
    nodes,
    told_apart: apart,
  }
  const clean = cleared.settings.clean_results === 'released' && plan.form === 'anonymised' && report.status === 'pass'
  await ctx.step(async (tx) => {
    // Another process that had the run before may have been as far: the first result stays.
    if (!(await insertResult(tx, row))) return
    await setRunResult(tx, run.id, result)
    if (blob !== undefined) await insertCohort(tx, run.project_id, { result_id: result, people: count, blob })
    await recordLineage(tx, node, lineageOfRun({ tenant, run, version, tables: cleared.tables, row }), run.project_id)
    const released = clean && (await releaseResult({ node, tenant, now: at }, tx, row)) === undefined
    const events = released ? [] : await hold(ctx, tx, row, run)
    await forgetRunKey(tx, run.id)
    const after = await findRun(tx, run.id)
    if (after === undefined) return
    const { details, ...facts } = runFacts(runSummaryOf(after, await stepsOf(tx, run.id)))
    await ctx.record(tx, 'query.run_ended', { ...facts, details: { ...details, ...resultFacts(row).details, result } }, [
      ...events,
      changedEvent(run, after.state),
      ...(released ? [{ type: 'query.result_released', subject: result, data: { project: run.project_id, result } }] : []),
    ])
  })
  return undefined
}

/** Across nodes digests are made with a version of the token space's key, and with another they are others. */
function toldApartIn({ version, cleared, parts: [part] }: Made): ToldApart {
  const apart = toldApart(version.document, planTables(cleared.tables, cleared.foreign))
  if (part === undefined) return apart
  return Object.fromEntries(Object.entries(apart).map(([table, how]) => [table, how === null ? null : `${part.key_id} ${how}`]))
}

/** To its reviewers. Where nobody can be asked yet, it waits without a review, and whoever may can ask for one. */
async function hold(ctx: StepsContext, tx: Tx, row: ResultRow, run: RunRow): Promise<NewEvent[]> {
  await moveRun(tx, run.id, { from: 'disclosure_control', to: 'held_for_review', at: row.made_at })
  if (run.behalf === null) return []
  const events: NewEvent[] = []
  const review = await requestReview(
    inPlaceOf(ctx, tx, run.behalf, (event) => void events.push(event)),
    'query_disclosure',
    row.id,
  )
  if (review instanceof Refusal) return []
  await setResultReview(tx, row.id, review.id)
  await setRunReview(tx, run.id, review.id)
  return events
}
