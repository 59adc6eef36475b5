import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { DownloadState } from './states.ts'

export interface DownloadRow {
  readonly tenant_id: Id<'tenant'>
  readonly id: Id<'release'>
  readonly project_id: Id<'project'>
  readonly result_id: Id<'query_result'>
  readonly digest: string
  readonly format: QueryPlan['output']['formats'][number]
  readonly asked_by: string
  readonly state: DownloadState
  readonly issued_at: Instant
  readonly expires_at: Instant
  readonly spent_at: Instant | null
}

const columns = 'tenant_id, id, project_id, result_id, digest, format, asked_by, state, issued_at, expires_at, spent_at'

export async function insertDownload(tx: Tx, row: Omit<DownloadRow, 'tenant_id' | 'state' | 'spent_at'>, tokenHash: Uint8Array): Promise<void> {
  await tx.change(
    `INSERT INTO query.download (tenant_id, id, project_id, result_id, digest, format, asked_by, state, issued_at, expires_at, token_hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, 'issued', $8, $9, $10)`,
    [tx.tenant, row.id, row.project_id, row.result_id, row.digest, row.format, row.asked_by, row.issued_at, row.expires_at, tokenHash],
  )
}

export interface Presented {
  readonly tokenHash: Uint8Array
  readonly project: Id<'project'>
  readonly result: Id<'query_result'>
  readonly by: string
}

/**
 * The one step that makes a token single-use: of any number of callers, in whatever process, one gets the row. Whose it is, of which
 * result, of which content of it, and until when are conditions of the same statement.
 */
export async function spendDownload(tx: Tx, { tokenHash, project, result, by }: Presented, now: Instant): Promise<DownloadRow | undefined> {
  const rows = await tx.query<DownloadRow>(
    `UPDATE query.download d SET state = 'spent', spent_at = $6 FROM query.result r
      WHERE d.tenant_id = $1 AND d.token_hash = $2 AND d.project_id = $3 AND d.result_id = $4 AND d.asked_by = $5 AND d.state = 'issued' AND d.expires_at > $6
        AND r.tenant_id = d.tenant_id AND r.id = d.result_id AND r.digest = d.digest AND r.state = 'released' AND r.expires_at > $6
      RETURNING ${columns
        .split(', ')
        .map((name) => `d.${name}`)
        .join(', ')}`,
    [tx.tenant, tokenHash, project, result, by, now],
  )
  return rows[0]
}

/** For the ledger alone: what is known of a token that was refused. */
export async function downloadByToken(tx: Tx, tokenHash: Uint8Array): Promise<DownloadRow | undefined> {
  return (await tx.query<DownloadRow>(`SELECT ${columns} FROM query.download WHERE tenant_id = $1 AND token_hash = $2`, [tx.tenant, tokenHash]))[0]
}

/** @returns false where it was closed before, so that nothing is recorded twice */
export async function closeDownload(tx: Tx, id: Id<'release'>, to: Exclude<DownloadState, 'issued' | 'spent'>, at: Instant, bytes: number): Promise<boolean> {
  const closed = await tx.change("UPDATE query.download SET state = $3, closed_at = $4, bytes = $5 WHERE tenant_id = $1 AND id = $2 AND state = 'spent'", [
    tx.tenant,
    id,
    to,
    at,
    bytes,
  ])
  return closed === 1
}

/** Spent and never closed: the process died before the last byte. In the node's scope. */
export function abandonedDownloads(tx: Tx, spentBefore: Instant, limit: number): Promise<DownloadRow[]> {
  return tx.query<DownloadRow>(`SELECT ${columns} FROM query.download WHERE state = 'spent' AND spent_at < $1 ORDER BY spent_at LIMIT $2`, [spentBefore, limit])
}
