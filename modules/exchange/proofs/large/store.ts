import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { LargeSet } from '@gatehouse/credentials/zero-knowledge/large-set'
import { concat } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Stage } from '../kimchi/tasks.ts'
import type { PublicationRow } from '../store.ts'
import type { RequestReason, RequestState } from './states.ts'

export interface RequestRow {
  readonly id: Id<'proof_request'>
  readonly grantee: string
  readonly purpose: string
  readonly data_class: string
  readonly request_hash: Uint8Array
  readonly verifier: string
  readonly state: RequestState
  readonly stage: Stage | null
  readonly members: number | null
  readonly proof_id: Id<'proof'> | null
  readonly reason: RequestReason | null
  readonly asked_at: Instant
  readonly finished_at: Instant | null
}

const columns = 'id, grantee, purpose, data_class, request_hash, verifier, state, stage, members, proof_id, reason, asked_at, finished_at'

export type NewRequest = Pick<RequestRow, 'id' | 'grantee' | 'purpose' | 'data_class' | 'request_hash' | 'verifier' | 'state' | 'asked_at'>

/** @returns false where `max` wait already */
export async function insertRequest(tx: Tx, row: NewRequest, subject: Id<'subject'>, max: number): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO proofs.request (tenant_id, id, grantee, purpose, data_class, request_hash, verifier, state, asked_at)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
      WHERE (SELECT count(*) FROM proofs.request WHERE tenant_id = $1 AND state IN ('queued', 'proving')) < $10`,
    [tx.tenant, row.id, row.grantee, row.purpose, row.data_class, row.request_hash, row.verifier, row.state, row.asked_at, max],
  )
  if (inserted === 0) return false
  await tx.query('INSERT INTO proofs.request_subject (tenant_id, subject_id, request_id) VALUES ($1, $2, $3)', [tx.tenant, subject, row.id])
  return true
}

export async function requestById(tx: Tx, id: Id<'proof_request'>): Promise<RequestRow | undefined> {
  return (await tx.query<RequestRow>(`SELECT ${columns} FROM proofs.request WHERE tenant_id = $1 AND id = $2`, [tx.tenant, id]))[0]
}

export function listRequests(tx: Tx, before: Id<'proof_request'> | undefined, limit: number): Promise<RequestRow[]> {
  return tx.query(`SELECT ${columns} FROM proofs.request WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`, [
    tx.tenant,
    before ?? null,
    limit,
  ])
}

/** Taken if it waits, or if the process that had it has been silent since `silent`. */
export async function takeRequest(
  tx: Tx,
  id: Id<'proof_request'>,
  now: Instant,
  silent: Instant,
): Promise<(RequestRow & { subject: Id<'subject'> | null }) | undefined> {
  const rows = await tx.query<RequestRow & { subject: Id<'subject'> | null }>(
    `UPDATE proofs.request SET state = 'proving', stage = 'gathering', alive_at = $3
      WHERE tenant_id = $1 AND id = $2 AND (state = 'queued' OR (state = 'proving' AND alive_at < $4))
      RETURNING ${columns}, (SELECT subject_id FROM proofs.request_subject WHERE tenant_id = $1 AND request_id = $2) AS subject`,
    [tx.tenant, id, now, silent],
  )
  return rows[0]
}

/** @returns false where it is not being proven any more: it was cancelled, or another process has it */
export async function sayAlive(tx: Tx, id: Id<'proof_request'>, stage: Stage, members: number | null, before: Instant, now: Instant): Promise<boolean> {
  const changed = await tx.change(
    `UPDATE proofs.request SET stage = $3, members = coalesce($4, members), alive_at = $6
      WHERE tenant_id = $1 AND id = $2 AND state = 'proving' AND alive_at = $5`,
    [tx.tenant, id, stage, members, before, now],
  )
  return changed === 1
}

/** Ends it and forgets whose it was. @returns false where it had ended, or where the person is forgotten already */
export async function finishRequest(
  tx: Tx,
  id: Id<'proof_request'>,
  to: { readonly state: RequestState; readonly proof: Id<'proof'> | null; readonly reason: RequestReason | null; readonly now: Instant },
): Promise<boolean> {
  const changed = await tx.change(
    `UPDATE proofs.request SET state = $3, stage = NULL, proof_id = $4, reason = $5, finished_at = $6 WHERE tenant_id = $1 AND id = $2 AND state IN ('queued', 'proving')`,
    [tx.tenant, id, to.state, to.proof, to.reason, to.now],
  )
  const forgotten = await tx.change('DELETE FROM proofs.request_subject WHERE tenant_id = $1 AND request_id = $2', [tx.tenant, id])
  return changed === 1 && forgotten === 1
}

/** Those that wait, or whose process has been silent. */
export async function idleRequests(tx: Tx, silent: Instant, limit: number): Promise<Id<'proof_request'>[]> {
  const rows = await tx.query<{ id: Id<'proof_request'> }>(
    `SELECT id FROM proofs.request WHERE tenant_id = $1 AND (state = 'queued' OR (state = 'proving' AND alive_at < $2)) ORDER BY id LIMIT $3`,
    [tx.tenant, silent, limit],
  )
  return rows.map(({ id }) => id)
}

export interface LeafRow {
  readonly subject_id: Id<'subject'>
  readonly consent_id: Id<'consent'>
  readonly leaf: Uint8Array
}

export function leavesOf(tx: Tx, subjects: readonly Id<'subject'>[], grantee: string, scope: string): Promise<LeafRow[]> {
  return tx.query(
    'SELECT subject_id, consent_id, leaf FROM proofs.leaf WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]) AND grantee = $3 AND scope = $4',
    [tx.tenant, subjects, grantee, scope],
  )
}

export async function insertLeaves(tx: Tx, grantee: string, scope: string, rows: readonly LeafRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO proofs.leaf (tenant_id, subject_id, consent_id, grantee, scope, leaf)
      SELECT $1, l.subject_id, l.consent_id, $2, $3, l.leaf FROM unnest($4::uuid[], $5::uuid[], $6::bytea[]) AS l(subject_id, consent_id, leaf)
      ON CONFLICT DO NOTHING`,
    [tx.tenant, grantee, scope, rows.map((row) => row.subject_id), rows.map((row) => row.consent_id), rows.map((row) => row.leaf)],
  )
}

export async function forgetLeaves(tx: Tx, subject: Id<'subject'>): Promise<{ leaves: number; requests: number }> {
  const leaves = await tx.change('DELETE FROM proofs.leaf WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject])
  const requests = await tx.change('DELETE FROM proofs.request_subject WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject])
  return { leaves, requests }
}

/** A publication of one large set. */
export async function insertLargePublication(tx: Tx, row: PublicationRow, system: string, set: LargeSet, leafOfSet: Uint8Array): Promise<void> {
  await tx.query('INSERT INTO proofs.publication (tenant_id, id, entry_id, published_at, sets_root, system) VALUES ($1, $2, $3, $4, $5, $6)', [
    tx.tenant,
    row.id,
    row.entry_id,
    row.published_at,
    row.sets_root,
    system,
  ])
  await tx.query(
    `INSERT INTO proofs.consent_set (tenant_id, publication_id, place, grantee, scope, expiry, leaf, members, root) VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8)`,
    [tx.tenant, row.id, set.group.grantee, set.group.scope, set.group.expiry, leafOfSet, concat(...(set.leaves ?? [])), set.root],
  )
}
