/** A result leaves disclosure control: by the vote that completes its review, or at once where the project lets clean ones. */
import type { Tx } from '@gatehouse/runtime/data/db'
import { type ActContext, type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { problems } from '../problems.ts'
import { markReleased, type ResultRow } from '../results/store.ts'
import { runLife } from '../runs/states.ts'
import { findRun, moveRun } from '../runs/store.ts'
import { guardResult } from './differencing.ts'
import { markCohortReleased } from './store.ts'

export type Released = Pick<ResultRow, 'id' | 'project_id' | 'run_id' | 'kind'>

/** @returns why not; nothing has been changed then */
export async function releaseResult(ctx: Pick<ActContext, 'node' | 'tenant' | 'now'>, tx: Tx, result: Released): Promise<Refusal | undefined> {
  const run = await findRun(tx, result.run_id, true)
  const to = run && runLife.next(run.state, 'release')
  if (run === undefined || to === undefined) return refuse(problems.run_ended)
  // Since it was made, another result about nearly the same people may have left.
  const guard = await guardResult(ctx.node, tx, ctx.tenant, { project: result.project_id, result: result.id, floor: run.floor })
  if (guard.outcome === 'refuse' && result.kind === 'rows') return refuse(problems.differencing)
  if (!(await markReleased(tx, result.id, ctx.now))) return refuse(problems.result_ended)
  await markCohortReleased(tx, result.id, ctx.now)
  await moveRun(tx, run.id, { from: run.state, to, at: ctx.now, ended: true })
  return undefined
}
