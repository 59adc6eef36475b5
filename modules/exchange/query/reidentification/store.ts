import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ReidentificationView } from './schema.ts'
import type { ReidentificationState } from './states.ts'

export interface ReidentificationRow {
  readonly id: Id<'reidentification'>
  readonly project_id: Id<'project'>
  readonly result_id: Id<'query_result'>
  readonly asked_by: string
  readonly asked_with: string
  readonly asked_at: Instant
  readonly state: ReidentificationState
  readonly reason: string
  readonly asked: number
  readonly found: number
  readonly question: Uint8Array | null
  readonly detail: string | null
  readonly opened_by: readonly string[]
  readonly expires_at: Instant
}

const columns = 'id, project_id, result_id, asked_by, asked_with, asked_at, state, reason, asked, found, question, detail, opened_by, expires_at'

export async function insertReidentification(tx: Tx, row: ReidentificationRow): Promise<void> {
  await tx.change(`INSERT INTO query.reidentification (tenant_id, ${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, [
    tx.tenant,
    row.id,
    row.project_id,
    row.result_id,
    row.asked_by,
    row.asked_with,
    row.asked_at,
    row.state,
    row.reason,
    row.asked,
    row.found,
    row.question,
    row.detail,
    row.opened_by,
    row.expires_at,
  ])
}

export async function findReidentification(tx: Tx, id: Id<'reidentification'>): Promise<ReidentificationRow | undefined> {
  return (await tx.query<ReidentificationRow>(`SELECT ${columns} FROM query.reidentification WHERE tenant_id = $1 AND id = $2`, [tx.tenant, id]))[0]
}

/** The newest first. */
export function listReidentifications(
  tx: Tx,
  project: Id<'project'>,
  before: Id<'reidentification'> | undefined,
  limit: number,
): Promise<ReidentificationRow[]> {
  return tx.query<ReidentificationRow>(
    `SELECT ${columns} FROM query.reidentification WHERE tenant_id = $1 AND project_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
    [tx.tenant, project, before ?? null, limit],
  )
}

/** @returns false where it was answered, or is over: of two who search at once one answers */
export async function keepAnswer(tx: Tx, id: Id<'reidentification'>, found: number, answer: Uint8Array): Promise<boolean> {
  const kept = await tx.change(
    "UPDATE query.reidentification SET state = 'answered', found = $3, answer = $4, question = NULL WHERE tenant_id = $1 AND id = $2 AND state = 'asked'",
    [tx.tenant, id, found, answer],
  )
  return kept === 1
}

export async function markFailed(tx: Tx, id: Id<'reidentification'>, detail: string): Promise<void> {
  await tx.change("UPDATE query.reidentification SET state = 'failed', detail = $3, question = NULL WHERE tenant_id = $1 AND id = $2 AND state = 'asked'", [
    tx.tenant,
    id,
    detail,
  ])
}

/**
 * The answer, once for each of the two who asked: whether that is so, whether they have opened it before and whether its hour is over are
 * conditions of the one statement. It goes with the second opening.
 */
export async function takeAnswer(tx: Tx, id: Id<'reidentification'>, by: string, now: Instant): Promise<Uint8Array | undefined> {
  const rows = await tx.query<{ answer: Uint8Array }>(
    `UPDATE query.reidentification r SET opened_by = r.opened_by || $3::text,
        state = CASE WHEN cardinality(r.opened_by) = 1 THEN 'closed' ELSE r.state END,
        answer = CASE WHEN cardinality(r.opened_by) = 1 THEN NULL ELSE r.answer END
      FROM query.reidentification before
      WHERE r.tenant_id = $1 AND r.id = $2 AND before.tenant_id = r.tenant_id AND before.id = r.id AND r.state = 'answered' AND r.expires_at > $4
        AND $3 IN (r.asked_by, r.asked_with) AND NOT r.opened_by @> ARRAY[$3::text]
      RETURNING before.answer`,
    [tx.tenant, id, by, now],
  )
  return rows[0]?.answer
}

/** Of every tenant, in the node's scope: what nobody has opened within its hour is kept for nobody. */
export function closeOver(tx: Tx, now: Instant): Promise<number> {
  return tx.change(
    `UPDATE query.reidentification SET state = CASE WHEN state IN ('asked', 'answered') THEN 'closed' ELSE state END, question = NULL, answer = NULL
      WHERE (question IS NOT NULL OR answer IS NOT NULL) AND expires_at <= $1`,
    [now],
  )
}

/** When a person is erased: whoever was found may be in any of them. */
export function closeAll(tx: Tx): Promise<number> {
  return tx.change(
    `UPDATE query.reidentification SET state = 'closed', question = NULL, answer = NULL WHERE tenant_id = $1 AND (question IS NOT NULL OR answer IS NOT NULL)`,
    [tx.tenant],
  )
}

export function viewOf(row: ReidentificationRow): ReidentificationView {
  const { id, project_id, result_id, state, reason, asked_by, asked_with, asked_at, asked, found, detail, opened_by, expires_at } = row
  return {
    id,
    project: project_id,
    result: result_id,
    state,
    reason,
    asked_by: [asked_by, asked_with],
    asked_at,
    asked,
    found,
    detail,
    opened_by: [...opened_by],
    expires_at,
  }
}
