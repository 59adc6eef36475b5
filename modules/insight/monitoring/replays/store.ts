/** The SQL of replays. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Condition } from '../condition.ts'
import type { ReplayResult } from '../schema.ts'

export interface ReplayRow {
  readonly id: Id<'replay'>
  readonly condition: Condition
  readonly cool_down_seconds: number
  readonly since: Instant
  readonly until: Instant
  readonly examples: number
  readonly state: 'waiting' | 'running' | 'done'
  readonly entries_read: number
  readonly entries_total: number | null
  readonly result: ReplayResult | null
  readonly created_at: Instant
  readonly ended_at: Instant | null
}

const replayColumns = 'id, condition, cool_down_seconds, since, until, examples, state, entries_read, entries_total, result, created_at, ended_at'

export async function insertReplay(
  tx: Tx,
  replay: Pick<ReplayRow, 'id' | 'condition' | 'cool_down_seconds' | 'since' | 'until' | 'examples' | 'created_at'>,
): Promise<void> {
  await tx.query(
    `INSERT INTO monitoring.replay (tenant_id, id, condition, cool_down_seconds, since, until, examples, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tx.tenant, replay.id, JSON.stringify(replay.condition), replay.cool_down_seconds, replay.since, replay.until, replay.examples, replay.created_at],
  )
}

export async function replayById(tx: Tx, id: Id<'replay'>): Promise<ReplayRow | undefined> {
  return (await tx.query<ReplayRow>(`SELECT ${replayColumns} FROM monitoring.replay WHERE tenant_id = $1 AND id = $2`, [tx.tenant, id]))[0]
}

export async function noteProgress(tx: Tx, id: Id<'replay'>, read: number, total: number): Promise<void> {
  await tx.query(`UPDATE monitoring.replay SET state = 'running', entries_read = $3, entries_total = $4 WHERE tenant_id = $1 AND id = $2`, [
    tx.tenant,
    id,
    read,
    total,
  ])
}

export async function endReplay(tx: Tx, id: Id<'replay'>, result: ReplayResult, now: Instant): Promise<void> {
  await tx.query(`UPDATE monitoring.replay SET state = 'done', result = $3, ended_at = $4 WHERE tenant_id = $1 AND id = $2`, [
    tx.tenant,
    id,
    JSON.stringify(result),
    now,
  ])
}

/** For all tenants at once. */
export async function forgetReplays(tx: Tx, before: Instant): Promise<void> {
  await tx.query('DELETE FROM monitoring.replay WHERE created_at < $1', [before])
}
