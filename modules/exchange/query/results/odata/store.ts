import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface Fetch {
  readonly result: Id<'query_result'>
  readonly project: Id<'project'>
  readonly reader: string
  readonly hour: Instant
  readonly entry: Id<'entry'>
  readonly rows: number
}

/** @returns true for the first of the hour, whose entry is to be written with it */
export async function noteFetch(tx: Tx, { result, project, reader, hour, entry, rows }: Fetch): Promise<boolean> {
  const found = await tx.query<{ first: boolean }>(
    `INSERT INTO query.feed_hour AS h (tenant_id, result_id, reader, hour, project_id, entry_id, requests, rows) VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
      ON CONFLICT (tenant_id, result_id, reader, hour) DO UPDATE SET requests = h.requests + 1, rows = h.rows + $7
      RETURNING entry_id = $6 AS first`,
    [tx.tenant, result, reader, hour, project, entry, rows],
  )
  return found[0]?.first === true
}

export interface FeedHour {
  readonly tenant_id: Id<'tenant'>
  readonly result_id: Id<'query_result'>
  readonly project_id: Id<'project'>
  readonly reader: string
  readonly hour: Instant
  readonly entry_id: Id<'entry'>
}

/** Hours of every tenant that began before, and whose sums stand in no entry. In the node's scope. */
export function endedHours(tx: Tx, begunBefore: Instant, limit: number): Promise<FeedHour[]> {
  return tx.query<FeedHour>(
    'SELECT tenant_id, result_id, project_id, reader, hour, entry_id FROM query.feed_hour WHERE NOT closed AND hour <= $1 ORDER BY hour LIMIT $2',
    [begunBefore, limit],
  )
}

/** @returns undefined where it was closed before */
export async function closeHour(tx: Tx, { result_id, reader, hour }: FeedHour): Promise<{ readonly requests: number; readonly rows: number } | undefined> {
  const rows = await tx.query<{ requests: number; rows: number }>(
    `UPDATE query.feed_hour SET closed = true WHERE tenant_id = $1 AND result_id = $2 AND reader = $3 AND hour = $4 AND NOT closed RETURNING requests, rows`,
    [tx.tenant, result_id, reader, hour],
  )
  return rows[0]
}
