/** How a run comes to its end, whatever ended it: the state by the table, the reason, the key of its scratch files, the entry. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext, AuditFacts } from '@gatehouse/runtime/door/operation'
import type { NewEvent } from '@gatehouse/runtime/work/outbox'
import { type RunReason, runReasons } from './reasons.ts'
import type { RunSummary } from './schema.ts'
import { type RunEvent, type RunState, runLife } from './states.ts'
import type { Where } from './stop-words.ts'
import { findRun, forgetRunKey, moveRun, type RunRow, stepsOf } from './store.ts'
import { runSummaryOf } from './view.ts'

export function runFacts({
  id,
  project,
  plan,
  version,
  hash,
  state,
  reason,
}: Pick<RunSummary, 'id' | 'project' | 'plan' | 'version' | 'hash' | 'state' | 'reason'>): AuditFacts {
  return { object: { kind: 'query_run', id }, details: { project, plan, version, hash, state, ...(reason === null ? {} : { reason }) } }
}

export const changedEvent = ({ id, project_id: project }: Pick<RunRow, 'id' | 'project_id'>, state: RunState): NewEvent => ({
  type: 'query.run_changed',
  subject: id,
  data: { project, run: id, state },
})

const eventTo = { refused: 'refuse', failed: 'fail', cancelled: 'cancel', expired: 'expire' } as const satisfies Partial<Record<RunState, RunEvent>>

/** For an act that has no entry of its own about the run. @returns as `endRun` */
export async function endRecorded(ctx: Pick<ActContext, 'record'>, ...of: Parameters<typeof endRun>): Promise<RunRow | undefined> {
  const [tx, id] = of
  const ended = await endRun(...of)
  if (ended !== undefined) await ctx.record(tx, 'query.run_ended', runFacts(runSummaryOf(ended, await stepsOf(tx, id))), [changedEvent(ended, ended.state)])
  return ended
}

/** @returns the run as it ended, or `undefined` where it had ended before */
export async function endRun(tx: Tx, id: Id<'query_run'>, reason: RunReason, at: Instant, { detail, said }: Where = {}): Promise<RunRow | undefined> {
  const before = await findRun(tx, id, true)
  const { ends } = runReasons[reason]
  const to = before && runLife.next(before.state, eventTo[ends])
  if (before === undefined || to === undefined) return undefined
  if (!(await moveRun(tx, id, { from: before.state, to, at, reason, detail, said, ended: true }))) return undefined
  await forgetRunKey(tx, id)
  return { ...before, state: to, reason, detail: detail ?? null, said: said ?? null, ended_at: at }
}
