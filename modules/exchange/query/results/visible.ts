import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type ActContext, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { findVersion, type VersionRow } from '../plans/store.ts'
import { problems } from '../problems.ts'
import { findRun } from '../runs/store.ts'
import { findResult, type ResultRow } from './store.ts'

export interface Found {
  readonly result: ResultRow
  readonly version: VersionRow
}

export async function resultOf(tx: Tx, project: Id<'project'>, id: Id<'query_result'>): Promise<Found | Refusal> {
  const result = await findResult(tx, id)
  const version = result?.project_id === project ? await findVersion(tx, result.plan_id, result.version) : undefined
  return result === undefined || version === undefined ? refuse(doorProblems.not_found) : { result, version }
}

/**
 * A result whose rows may be looked at: a released one, and for those who judge it one that is held. They have the right in the whole
 * institution, and neither made the plan nor asked for the run.
 */
export async function readableResult(ctx: ActContext, tx: Tx, project: Id<'project'>, id: Id<'query_result'>): Promise<Found | Refusal> {
  const found = await resultOf(tx, project, id)
  if (found instanceof Refusal) return found
  const { result, version } = found
  if (result.state === 'ended' || result.expires_at <= ctx.now) return refuse(problems.result_ended)
  if (result.state === 'released') return found
  const judges = await ctx.may('read', { type: 'query_result' })
  const asked = (await findRun(tx, result.run_id))?.asked_by
  return judges && ctx.principal.id !== version.made_by && ctx.principal.id !== asked ? found : refuse(problems.result_held)
}
