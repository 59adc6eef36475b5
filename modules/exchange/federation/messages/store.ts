import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ReceivedState, SentState } from '../states.ts'

export interface Attachment {
  readonly name: string
  readonly id: string
  readonly size: number
  /** Where it lies in this node's object store. */
  readonly blob: string
}

export interface SentRow {
  readonly id: Id<'message'>
  readonly peer_id: Id<'peer'>
  readonly kind: string
  readonly version: number
  readonly thread: string
  readonly sequence: number
  readonly state: SentState
  readonly reason: string | null
  readonly detail: string | null
  readonly attempts: number
  readonly sent_at: Instant
  readonly delivered_at: Instant | null
  readonly ended_at: Instant | null
  readonly expires_at: Instant
}

const sentColumns = 'id, peer_id, kind, version, thread, sequence, state, reason, detail, attempts, sent_at, delivered_at, ended_at, expires_at'

/** @returns the place of the next message in the thread */
export async function nextInThread(tx: Tx, peer: Id<'peer'>, thread: string, now: Instant): Promise<number> {
  const [row] = await tx.query<{ sent: number }>(
    `INSERT INTO federation.thread (tenant_id, peer_id, thread, sent, changed_at) VALUES ($1, $2, $3, 1, $4)
      ON CONFLICT (tenant_id, peer_id, thread) DO UPDATE SET sent = thread.sent + 1, changed_at = $4 RETURNING sent`,
    [tx.tenant, peer, thread, now],
  )
  return row?.sent ?? 1
}

export interface NewSent {
  readonly id: Id<'message'>
  readonly peer: Id<'peer'>
  readonly kind: string
  readonly version: number
  readonly thread: string
  readonly sequence: number
  readonly sealed: string
  readonly attachments: readonly Attachment[]
  readonly expiresAt: Instant
}

export async function insertSent(tx: Tx, row: NewSent, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO federation.sent (tenant_id, id, peer_id, kind, version, thread, sequence, state, sealed, attachments, next_at, sent_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9, $10, $10, $11)`,
    [tx.tenant, row.id, row.peer, row.kind, row.version, row.thread, row.sequence, row.sealed, JSON.stringify(row.attachments), now, row.expiresAt],
  )
}

export async function sentById(tx: Tx, id: Id<'message'>): Promise<SentRow | undefined> {
  const rows = await tx.query<SentRow>({ name: 'federation-sent', text: `SELECT ${sentColumns} FROM federation.sent WHERE tenant_id = $1 AND id = $2` }, [
    tx.tenant,
    id,
  ])
  return rows[0]
}

export async function lockSent(tx: Tx, id: Id<'message'>): Promise<SentRow | undefined> {
  const rows = await tx.query<SentRow>(`SELECT ${sentColumns} FROM federation.sent WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tx.tenant, id])
  return rows[0]
}

export interface DueRow {
  readonly id: Id<'message'>
  readonly kind: string
  readonly to: string
  readonly sealed: string
  readonly attachments: readonly Attachment[]
  readonly state: SentState
  readonly attempts: number
  readonly expires_at: Instant
}

/** What is to be left, or left again, in a mailbox. Peers that are suspended or revoked get nothing but answers. */
export function dueFor(tx: Tx, address: string, now: Instant, limit: number): Promise<DueRow[]> {
  return tx.query<DueRow>(
    {
      name: 'federation-due',
      text: `SELECT s.id, s.kind, p.name AS "to", s.sealed, s.attachments, s.state, s.attempts, s.expires_at FROM federation.sent s
        JOIN federation.peer p ON p.tenant_id = s.tenant_id AND p.id = s.peer_id
        WHERE s.tenant_id = $1 AND p.mailbox = $2 AND (p.state = 'approved' OR s.kind = 'mesh.receipt') AND s.state IN ('queued', 'delivered')
          AND s.next_at <= $3 AND s.expires_at > $3
        ORDER BY s.sent_at, s.id LIMIT $4`,
    },
    [tx.tenant, address, now, limit],
  )
}

export interface LeftRow {
  readonly id: Id<'message'>
  readonly state: SentState
  readonly reason: string | null
  readonly nextAt: Instant
}

/** An answer that came meanwhile stays. */
export async function noteLeft(tx: Tx, rows: readonly LeftRow[], now: Instant): Promise<void> {
  await tx.query(
    `UPDATE federation.sent s SET state = l.state, reason = l.reason, next_at = l.next_at, attempts = attempts + 1,
        delivered_at = CASE WHEN l.state = 'queued' THEN delivered_at ELSE coalesce(delivered_at, $2) END,
        ended_at = CASE WHEN l.state = 'acknowledged' THEN $2::timestamptz ELSE ended_at END
      FROM unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[]) AS l(id, state, reason, next_at)
      WHERE s.tenant_id = $1 AND s.id = l.id AND s.state IN ('queued', 'delivered')`,
    [tx.tenant, now, rows.map(({ id }) => id), rows.map(({ state }) => state), rows.map(({ reason }) => reason), rows.map(({ nextAt }) => nextAt)],
  )
}

export async function endSent(
  tx: Tx,
  id: Id<'message'>,
  end: { readonly state: SentState; readonly reason: string | null; readonly detail: string | null },
  now: Instant,
): Promise<void> {
  await tx.query('UPDATE federation.sent SET state = $3, reason = $4, detail = $5, ended_at = $6 WHERE tenant_id = $1 AND id = $2', [
    tx.tenant,
    id,
    end.state,
    end.reason,
    end.detail,
    now,
  ])
}

export function expiredSent(tx: Tx, now: Instant, limit: number): Promise<SentRow[]> {
  return tx.query<SentRow>(
    `SELECT ${sentColumns} FROM federation.sent WHERE tenant_id = $1 AND state IN ('queued', 'delivered') AND expires_at <= $2 ORDER BY id LIMIT $3 FOR UPDATE`,
    [tx.tenant, now, limit],
  )
}

export interface ReceivedRow {
  readonly id: Id<'message'>
  readonly peer_id: Id<'peer'>
  readonly kind: string
  readonly version: number
  readonly thread: string
  readonly sequence: number
  readonly state: ReceivedState
  readonly reason: string | null
  readonly detail: string | null
  readonly sealed: string | null
  readonly attachments: readonly Attachment[]
  readonly received_at: Instant
  readonly ended_at: Instant | null
  readonly expires_at: Instant
}

const receivedColumns = 'id, peer_id, kind, version, thread, sequence, state, reason, detail, sealed, attachments, received_at, ended_at, expires_at'

/** @returns false where the message is known */
export async function insertReceived(tx: Tx, row: Omit<ReceivedRow, 'reason' | 'detail' | 'ended_at'>): Promise<boolean> {
  const added = await tx.change(
    `INSERT INTO federation.received (tenant_id, peer_id, id, kind, version, thread, sequence, state, sealed, attachments, received_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
    [
      tx.tenant,
      row.peer_id,
      row.id,
      row.kind,
      row.version,
      row.thread,
      row.sequence,
      row.state,
      row.sealed,
      JSON.stringify(row.attachments),
      row.received_at,
      row.expires_at,
    ],
  )
  return added === 1
}

export async function lockReceived(tx: Tx, peer: Id<'peer'>, id: Id<'message'>): Promise<ReceivedRow | undefined> {
  const rows = await tx.query<ReceivedRow>(`SELECT ${receivedColumns} FROM federation.received WHERE tenant_id = $1 AND peer_id = $2 AND id = $3 FOR UPDATE`, [
    tx.tenant,
    peer,
    id,
  ])
  return rows[0]
}

/** Those whose attachments are still to be fetched. */
export function fetching(tx: Tx, limit: number): Promise<ReceivedRow[]> {
  return tx.query<ReceivedRow>(`SELECT ${receivedColumns} FROM federation.received WHERE tenant_id = $1 AND state = 'fetching' ORDER BY received_at LIMIT $2`, [
    tx.tenant,
    limit,
  ])
}

/** Those that could be handled: whole, and next in their thread, or without a place in one. */
export function handleable(tx: Tx, limit: number): Promise<Pick<ReceivedRow, 'id' | 'peer_id'>[]> {
  return tx.query(
    `SELECT r.id, r.peer_id FROM federation.received r
      LEFT JOIN federation.thread t ON t.tenant_id = r.tenant_id AND t.peer_id = r.peer_id AND t.thread = r.thread
      WHERE r.tenant_id = $1 AND r.state = 'ready' AND (r.sequence = 0 OR r.sequence = coalesce(t.handled, 0) + 1) ORDER BY r.received_at, r.id LIMIT $2`,
    [tx.tenant, limit],
  )
}

export async function setReady(tx: Tx, peer: Id<'peer'>, id: Id<'message'>): Promise<void> {
  await tx.query(`UPDATE federation.received SET state = 'ready' WHERE tenant_id = $1 AND peer_id = $2 AND id = $3 AND state = 'fetching'`, [
    tx.tenant,
    peer,
    id,
  ])
}

/** Its content goes, its id stays. */
export async function endReceived(
  tx: Tx,
  { peer_id, id }: Pick<ReceivedRow, 'peer_id' | 'id'>,
  end: { readonly state: ReceivedState; readonly reason: string | null; readonly detail: string | null },
  now: Instant,
): Promise<void> {
  await tx.query(
    'UPDATE federation.received SET state = $4, reason = $5, detail = $6, ended_at = $7, sealed = NULL WHERE tenant_id = $1 AND peer_id = $2 AND id = $3',
    [tx.tenant, peer_id, id, end.state, end.reason, end.detail, now],
  )
}

/** Holds the thread until the act ends. @returns how many of its messages were handled */
export async function lockThread(tx: Tx, peer: Id<'peer'>, thread: string, now: Instant): Promise<number> {
  const [row] = await tx.query<{ handled: number }>(
    `INSERT INTO federation.thread (tenant_id, peer_id, thread, changed_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (tenant_id, peer_id, thread) DO UPDATE SET changed_at = $4 RETURNING handled`,
    [tx.tenant, peer, thread, now],
  )
  return row?.handled ?? 0
}

export async function setHandled(tx: Tx, peer: Id<'peer'>, thread: string, handled: number): Promise<void> {
  await tx.query('UPDATE federation.thread SET handled = $4 WHERE tenant_id = $1 AND peer_id = $2 AND thread = $3', [tx.tenant, peer, thread, handled])
}

export async function readyAt(tx: Tx, peer: Id<'peer'>, thread: string, sequence: number): Promise<Id<'message'> | undefined> {
  const [row] = await tx.query<{ id: Id<'message'> }>(
    `SELECT id FROM federation.received WHERE tenant_id = $1 AND peer_id = $2 AND thread = $3 AND sequence = $4 AND state = 'ready' LIMIT 1`,
    [tx.tenant, peer, thread, sequence],
  )
  return row?.id
}

export function expiredReceived(tx: Tx, now: Instant, limit: number): Promise<ReceivedRow[]> {
  return tx.query<ReceivedRow>(
    `SELECT ${receivedColumns} FROM federation.received WHERE tenant_id = $1 AND state IN ('fetching', 'ready') AND expires_at <= $2 ORDER BY id LIMIT $3 FOR UPDATE`,
    [tx.tenant, now, limit],
  )
}

export async function isDue(tx: Tx, now: Instant): Promise<boolean> {
  const [row] = await tx.query<{ due: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM federation.sent WHERE tenant_id = $1 AND state IN ('queued', 'delivered') AND expires_at <= $2)
        OR EXISTS (SELECT 1 FROM federation.received WHERE tenant_id = $1 AND state IN ('fetching', 'ready') AND expires_at <= $2) AS due`,
    [tx.tenant, now],
  )
  return row?.due ?? false
}

export interface ListedRow {
  readonly id: Id<'message'>
  readonly direction: 'sent' | 'received'
  readonly peer: string
  readonly kind: string
  readonly thread: string
  readonly sequence: number
  readonly state: SentState | ReceivedState
  readonly reason: string | null
  readonly detail: string | null
  readonly attachments: number
  readonly at: Instant
  readonly ended_at: Instant | null
  readonly expires_at: Instant
}

/** Newest first. Answers between nodes are no news of their own. */
export function listMessages(
  tx: Tx,
  filter: { readonly peer?: string | undefined; readonly thread?: string | undefined; readonly before?: Id<'message'> | undefined },
  limit: number,
): Promise<ListedRow[]> {
  const side = (table: string, direction: string, at: string) =>
    `SELECT m.id, '${direction}' AS direction, p.name AS peer, m.kind, m.thread, m.sequence, m.state, m.reason, m.detail,
        jsonb_array_length(m.attachments) AS attachments, m.${at} AS at, m.ended_at, m.expires_at
      FROM federation.${table} m JOIN federation.peer p ON p.tenant_id = m.tenant_id AND p.id = m.peer_id
      WHERE m.tenant_id = $1 AND m.kind <> 'mesh.receipt' AND ($2::text IS NULL OR p.name = $2) AND ($3::text IS NULL OR m.thread = $3)
        AND ($4::uuid IS NULL OR m.id < $4)`
  return tx.query<ListedRow>(
    `SELECT * FROM (${side('sent', 'sent', 'sent_at')} UNION ALL ${side('received', 'received', 'received_at')}) m ORDER BY id DESC, direction LIMIT $5`,
    [tx.tenant, filter.peer ?? null, filter.thread ?? null, filter.before ?? null, limit],
  )
}

export interface OpenCounts {
  readonly waiting_out: number
  readonly waiting_in: number
}

export async function openCounts(tx: Tx): Promise<OpenCounts> {
  const [row] = await tx.query<OpenCounts>(
    `SELECT (SELECT count(*) FROM federation.sent WHERE tenant_id = $1 AND state IN ('queued', 'delivered')) AS waiting_out,
        (SELECT count(*) FROM federation.received WHERE tenant_id = $1 AND state IN ('fetching', 'ready')) AS waiting_in`,
    [tx.tenant],
  )
  return row ?? { waiting_out: 0, waiting_in: 0 }
}

/** @returns the objects that were kept for received ones */
export async function forgetEnded(tx: Tx, before: Instant, limit: number): Promise<string[]> {
  await tx.query(
    `DELETE FROM federation.sent WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM federation.sent WHERE tenant_id = $1 AND ended_at IS NOT NULL AND expires_at < $2 LIMIT $3)`,
    [tx.tenant, before, limit],
  )
  const gone = await tx.query<{ attachments: readonly Attachment[] }>(
    `DELETE FROM federation.received WHERE (tenant_id, peer_id, id) IN (
        SELECT tenant_id, peer_id, id FROM federation.received WHERE tenant_id = $1 AND ended_at IS NOT NULL AND expires_at < $2 LIMIT $3)
      RETURNING attachments`,
    [tx.tenant, before, limit],
  )
  return gone.flatMap(({ attachments }) => attachments.map(({ blob }) => blob))
}

export interface TravellingRow {
  readonly peer: string
  readonly thread: string
  readonly direction: 'out' | 'in'
  readonly kind: string
  readonly state: SentState | ReceivedState
  readonly since: Instant
}

/** What has not ended, oldest first. */
export function openThreads(tx: Tx, limit: number): Promise<TravellingRow[]> {
  const side = (table: string, direction: string, at: string, states: string) =>
    `SELECT p.name AS peer, m.thread, '${direction}' AS direction, m.kind, m.state, m.${at} AS since FROM federation.${table} m
      JOIN federation.peer p ON p.tenant_id = m.tenant_id AND p.id = m.peer_id WHERE m.tenant_id = $1 AND m.kind <> 'mesh.receipt' AND m.state IN (${states})`
  return tx.query<TravellingRow>(
    `SELECT * FROM (${side('sent', 'out', 'sent_at', "'queued', 'delivered'")} UNION ALL ${side('received', 'in', 'received_at', "'fetching', 'ready'")}) m
      ORDER BY since LIMIT $2`,
    [tx.tenant, limit],
  )
}

/** When something came from each peer. */
export function lastHeard(tx: Tx): Promise<{ peer: string; at: Instant }[]> {
  return tx.query(
    `SELECT p.name AS peer, max(m.received_at) AS at FROM federation.received m JOIN federation.peer p ON p.tenant_id = m.tenant_id AND p.id = m.peer_id
      WHERE m.tenant_id = $1 GROUP BY p.name`,
    [tx.tenant],
  )
}

/** How many messages came to which end since then, in all institutions. In the scope of the node. */
export function endedSince(tx: Tx, since: Instant): Promise<{ direction: 'sent' | 'received'; state: string; count: number }[]> {
  const side = (table: string, direction: string) =>
    `SELECT '${direction}' AS direction, state, count(*) AS count FROM federation.${table} WHERE ended_at >= $1 AND kind <> 'mesh.receipt' GROUP BY state`
  return tx.query(`${side('sent', 'sent')} UNION ALL ${side('received', 'received')}`, [since])
}
