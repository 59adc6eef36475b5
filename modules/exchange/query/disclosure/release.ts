/** A result leaves disclosure control: by the vote that completes its review, or at once where the project lets clean ones. */
import type { Tx } from '@gatehouse/runtime/data/db'
import { type ActContext, type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { problems } from '../problems.ts'
import { markReleased, type ResultRow } from '../results/store.ts'
import { runLife } from '../runs/states.ts'
import { findRun, moveRun } from '../runs/store.ts'
import { guardResult } from './differencing.ts'
import { countUncompared, markCohortReleased } from './store.ts'

export type Released = Pick<ResultRow, 'id' | 'project_id' | 'run_id' | 'kind' | 'made_at' | 'told_apart'>

/** @returns why not; nothing has been changed then */
export async function releaseResult(ctx: Pick<ActContext, 'node' | 'tenant' | 'now'>, tx: Tx, result: Released): Promise<Refusal | undefined> {
  const run = await findRun(tx, result.run_id, true)
  const to = run && runLife.next(run.state, 'release')
  if (run === undefined || to === undefined) return refuse(problems.run_ended)
  // Since it was made, another result about nearly the same people may have left.
  const guard = await guardResult(ctx.node, tx, ctx.tenant, { project: result.project_id, result: result.id, floor: run.floor })
  if (guard.outcome === 'refuse' && result.kind === 'rows') return refuse(problems.differencing)
  // Nor does its report, which reviewers go by, know of one that left meanwhile and cannot be compared with it.
  const unknown = { result: result.id, toldApart: result.told_apart ?? {}, since: result.made_at }
  if (result.kind === 'rows' && (await countUncompared(tx, result.project_id, unknown)) > 0) return refuse(problems.not_compared)
  if (!(await markReleased(tx, result.id, ctx.now))) return refuse(problems.result_ended)
  await markCohortReleased(tx, result.id, ctx.now)
  await moveRun(tx, run.id, { from: run.state, to, at: ctx.now, ended: true })
  return undefined
}
