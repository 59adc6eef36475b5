import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Clock } from './clock.ts'
import type { RequestKind } from './schema.ts'
import type { RequestState } from './states.ts'

export interface RequestRow {
  readonly subject_id: Id<'subject'>
  readonly id: Id<'rights_request'>
  readonly kind: RequestKind
  readonly state: RequestState
  readonly words: string | null
  readonly extension_reason: string | null
  readonly answer: string | null
  readonly received_at: Instant
  readonly due_at: Instant
  readonly closed_at: Instant | null
  readonly lifted_at: Instant | null
}

const columns = 'subject_id, id, kind, state, words, extension_reason, answer, received_at, due_at, closed_at, lifted_at'

export async function insertRequest(tx: Tx, row: RequestRow): Promise<void> {
  await tx.query('INSERT INTO requests.request (tenant_id, subject_id, id, kind, state, words, received_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
    tx.tenant,
    row.subject_id,
    row.id,
    row.kind,
    row.state,
    row.words,
    row.received_at,
    row.due_at,
  ])
}

export async function countOpen(tx: Tx, subject: Id<'subject'>): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    'SELECT count(*) AS count FROM requests.request WHERE tenant_id = $1 AND subject_id = $2 AND closed_at IS NULL',
    [tx.tenant, subject],
  )
  return Number(rows[0]?.count ?? 0)
}

export function requestsOf(tx: Tx, subject: Id<'subject'>, limit: number): Promise<RequestRow[]> {
  return tx.query<RequestRow>(`SELECT ${columns} FROM requests.request WHERE tenant_id = $1 AND subject_id = $2 ORDER BY id DESC LIMIT $3`, [
    tx.tenant,
    subject,
    limit,
  ])
}

/** Open ones by the end of their time, closed ones with the latest first. */
export function listRequests(tx: Tx, closed: boolean, after: { readonly at: string; readonly id: string } | undefined, limit: number): Promise<RequestRow[]> {
  return closed
    ? tx.query<RequestRow>(
        `SELECT ${columns} FROM requests.request WHERE tenant_id = $1 AND closed_at IS NOT NULL
          AND ($2::timestamptz IS NULL OR (closed_at, id) < ($2, $3::uuid)) ORDER BY closed_at DESC, id DESC LIMIT $4`,
        [tx.tenant, after?.at ?? null, after?.id ?? null, limit],
      )
    : tx.query<RequestRow>(
        `SELECT ${columns} FROM requests.request WHERE tenant_id = $1 AND closed_at IS NULL
          AND ($2::timestamptz IS NULL OR (due_at, id) > ($2, $3::uuid)) ORDER BY due_at, id LIMIT $4`,
        [tx.tenant, after?.at ?? null, after?.id ?? null, limit],
      )
}

/** Holds the request until the act ends: of two steps the second sees the first. */
export async function lockRequest(tx: Tx, id: Id<'rights_request'>): Promise<RequestRow | undefined> {
  return (await tx.query<RequestRow>(`SELECT ${columns} FROM requests.request WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tx.tenant, id]))[0]
}

export async function writeRequest(tx: Tx, row: RequestRow): Promise<void> {
  await tx.query(
    `UPDATE requests.request SET state = $4, extension_reason = $5, answer = $6, due_at = $7, closed_at = $8, lifted_at = $9,
        warned_at = CASE WHEN due_at = $7 THEN warned_at END, overdue_at = CASE WHEN due_at = $7 THEN overdue_at END
      WHERE tenant_id = $1 AND subject_id = $2 AND id = $3`,
    [tx.tenant, row.subject_id, row.id, row.state, row.extension_reason, row.answer, row.due_at, row.closed_at, row.lifted_at],
  )
}

/** Open ones whose time is over; each is found once for a promise. */
export function foundOverdue(tx: Tx, now: Instant, limit: number): Promise<RequestRow[]> {
  return tx.query<RequestRow>(
    `UPDATE requests.request SET overdue_at = $2, warned_at = coalesce(warned_at, $2) WHERE tenant_id = $1 AND (subject_id, id) IN (
        SELECT r.subject_id, r.id FROM requests.request r WHERE r.tenant_id = $1 AND r.closed_at IS NULL AND r.overdue_at IS NULL AND r.due_at <= $2
        ORDER BY r.due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
      RETURNING ${columns}`,
    [tx.tenant, now, limit],
  )
}

/** Open ones whose time runs out by then, and of which nobody was told yet. */
export function warnedOf(tx: Tx, now: Instant, by: Instant, limit: number): Promise<RequestRow[]> {
  return tx.query<RequestRow>(
    `UPDATE requests.request SET warned_at = $2 WHERE tenant_id = $1 AND (subject_id, id) IN (
        SELECT r.subject_id, r.id FROM requests.request r WHERE r.tenant_id = $1 AND r.closed_at IS NULL AND r.warned_at IS NULL AND r.due_at <= $3
        ORDER BY r.due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
      RETURNING ${columns}`,
    [tx.tenant, now, by, limit],
  )
}

/** Whose data is only stored, of as many people as are named. */
export async function restrictedAmong(tx: Tx, subjects: readonly Id<'subject'>[]): Promise<Set<Id<'subject'>>> {
  const rows = await tx.query<{ subject_id: Id<'subject'> }>(
    {
      name: 'requests-restricted',
      text: `SELECT DISTINCT subject_id FROM requests.request
        WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]) AND kind = 'restriction' AND state = 'done' AND lifted_at IS NULL`,
    },
    [tx.tenant, subjects],
  )
  return new Set(rows.map(({ subject_id }) => subject_id))
}

/** Everybody under a restriction that is in force. */
export async function everybodyRestricted(tx: Tx): Promise<Id<'subject'>[]> {
  const rows = await tx.query<{ subject_id: Id<'subject'> }>(
    `SELECT DISTINCT subject_id FROM requests.request WHERE tenant_id = $1 AND kind = 'restriction' AND state = 'done' AND lifted_at IS NULL`,
    [tx.tenant],
  )
  return rows.map(({ subject_id }) => subject_id)
}

export function deleteRequests(tx: Tx, subject: Id<'subject'>): Promise<number> {
  return tx.change('DELETE FROM requests.request WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject])
}

export async function readClock(tx: Tx): Promise<Clock | undefined> {
  return (await tx.query<Clock>('SELECT answer_months, extension_months FROM requests.setting WHERE tenant_id = $1', [tx.tenant]))[0]
}

export async function writeClock(tx: Tx, { answer_months, extension_months }: Clock): Promise<void> {
  await tx.query(
    `INSERT INTO requests.setting (tenant_id, answer_months, extension_months) VALUES ($1, $2, $3)
      ON CONFLICT (tenant_id) DO UPDATE SET answer_months = $2, extension_months = $3`,
    [tx.tenant, answer_months, extension_months],
  )
}
