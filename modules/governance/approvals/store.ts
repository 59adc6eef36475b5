import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Right } from '@gatehouse/runtime/door/operation'
import type { ApprovalEntry, ApprovalState } from './schema.ts'

export interface NewApproval {
  readonly id: Id<'approval'>
  readonly operation: string
  readonly requestDigest: Uint8Array
  readonly author: string
  readonly need: number
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly remindAt: Instant
  readonly asks: Right | undefined
}

/** Closes an approval of this request whose time is over, so that it cannot be added to and a new one can begin. */
export async function expireOpen(tx: Tx, operation: string, requestDigest: Uint8Array, now: Instant): Promise<Id<'approval'>[]> {
  const rows = await tx.query<{ id: Id<'approval'> }>(
    `UPDATE approvals.approval SET state = 'expired'
      WHERE tenant_id = $1 AND operation = $2 AND request_digest = $3 AND state = 'open' AND expires_at <= $4 RETURNING id`,
    [tx.tenant, operation, requestDigest, now],
  )
  return rows.map(({ id }) => id)
}

type Named = Pick<ApprovalEntry, 'id' | 'operation'>

/** Closes those of the institution whose time is over. */
export function expireOverdue(tx: Tx, now: Instant, limit: number): Promise<Named[]> {
  return tx.query<Named>(
    `UPDATE approvals.approval SET state = 'expired' WHERE tenant_id = $1 AND id IN (
        SELECT a.id FROM approvals.approval a WHERE a.tenant_id = $1 AND a.state = 'open' AND a.expires_at <= $2
        ORDER BY a.expires_at LIMIT $3 FOR UPDATE SKIP LOCKED)
      RETURNING id, operation`,
    [tx.tenant, now, limit],
  )
}

/** Those whose reminder is due; each is given once. */
export function remindersDue(tx: Tx, now: Instant, limit: number): Promise<Named[]> {
  return tx.query<Named>(
    `UPDATE approvals.approval SET remind_at = NULL WHERE tenant_id = $1 AND id IN (
        SELECT a.id FROM approvals.approval a WHERE a.tenant_id = $1 AND a.state = 'open' AND a.remind_at <= $2
        ORDER BY a.remind_at LIMIT $3 FOR UPDATE SKIP LOCKED)
      RETURNING id, operation`,
    [tx.tenant, now, limit],
  )
}

/** Opens the approval unless one is open. Waits for another transaction that is about to open it. */
export async function openUnlessOpen(tx: Tx, approval: NewApproval): Promise<void> {
  const { id, operation, requestDigest, author, need, createdAt, expiresAt, remindAt, asks } = approval
  await tx.query(
    `INSERT INTO approvals.approval (tenant_id, id, operation, request_digest, author, need, state, created_at, expires_at, remind_at, asks)
      VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10)
      ON CONFLICT (tenant_id, operation, request_digest) WHERE state = 'open' DO NOTHING`,
    [tx.tenant, id, operation, requestDigest, author, need, createdAt, expiresAt, remindAt, asks === undefined ? null : JSON.stringify(asks)],
  )
}

/** The open approval, held until the act ends; `undefined` when another act closed it meanwhile. */
export async function lockOpen(tx: Tx, operation: string, requestDigest: Uint8Array): Promise<Id<'approval'> | undefined> {
  const rows = await tx.query<{ id: Id<'approval'> }>(
    `SELECT id FROM approvals.approval WHERE tenant_id = $1 AND operation = $2 AND request_digest = $3 AND state = 'open' FOR UPDATE`,
    [tx.tenant, operation, requestDigest],
  )
  return rows[0]?.id
}

/** @returns how many different people have asked, this one included */
export async function vote(tx: Tx, approval: Id<'approval'>, principal: string, now: Instant): Promise<number> {
  await tx.query('INSERT INTO approvals.vote (tenant_id, approval_id, principal, voted_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
    tx.tenant,
    approval,
    principal,
    now,
  ])
  const rows = await tx.query<{ have: number }>('SELECT count(*) AS have FROM approvals.vote WHERE tenant_id = $1 AND approval_id = $2', [tx.tenant, approval])
  return rows[0]?.have ?? 0
}

export async function setState(tx: Tx, approval: Id<'approval'>, state: ApprovalState): Promise<void> {
  await tx.query('UPDATE approvals.approval SET state = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, approval, state])
}

const entry = `a.id, a.operation, encode(a.request_digest, 'hex') AS request_digest, a.author, a.need, a.state, a.created_at, a.expires_at,
  ARRAY(SELECT v.principal FROM approvals.vote v WHERE v.tenant_id = a.tenant_id AND v.approval_id = a.id ORDER BY v.voted_at, v.principal) AS voters`

export async function lockById(tx: Tx, id: Id<'approval'>): Promise<ApprovalEntry | undefined> {
  const rows = await tx.query<ApprovalEntry>(`SELECT ${entry} FROM approvals.approval a WHERE a.tenant_id = $1 AND a.id = $2 FOR UPDATE OF a`, [tx.tenant, id])
  return rows[0]
}

/** An approval with the right that the next who asks must have; without one where it was opened before that was kept. */
export async function approvalWithRight(tx: Tx, id: Id<'approval'>): Promise<(ApprovalEntry & { readonly asks: Right | null }) | undefined> {
  const rows = await tx.query<ApprovalEntry & { readonly asks: Right | null }>(
    `SELECT ${entry}, a.asks FROM approvals.approval a WHERE a.tenant_id = $1 AND a.id = $2`,
    [tx.tenant, id],
  )
  return rows[0]
}

/** Those that can still be added to, oldest first. */
export function listOpen(tx: Tx, now: Instant, after: Id<'approval'> | undefined, limit: number): Promise<ApprovalEntry[]> {
  return tx.query<ApprovalEntry>(
    `SELECT ${entry} FROM approvals.approval a
      WHERE a.tenant_id = $1 AND a.state = 'open' AND a.expires_at > $2 AND ($3::uuid IS NULL OR a.id > $3)
      ORDER BY a.id LIMIT $4`,
    [tx.tenant, now, after ?? null, limit],
  )
}

/** Who asked together for the act that the last of them carries out in this very transaction: only that has closed the approval. */
export async function approversOf(tx: Tx, operation: string): Promise<string[]> {
  const rows = await tx.query<{ principal: string }>(
    `SELECT v.principal FROM approvals.approval a JOIN approvals.vote v ON v.tenant_id = a.tenant_id AND v.approval_id = a.id
      WHERE a.tenant_id = $1 AND a.operation = $2 AND a.state = 'done' AND a.xmin = pg_current_xact_id()::xid ORDER BY v.voted_at, v.principal`,
    [tx.tenant, operation],
  )
  return rows.map(({ principal }) => principal)
}
