import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { oneOutOfManyId } from '@gatehouse/credentials/zero-knowledge/one-out-of-many'
import type { ConsentGroup, ConsentSet } from '@gatehouse/credentials/zero-knowledge/statement'
import type { Tx } from '@gatehouse/runtime/data/db'
import { joinMembers } from './sets.ts'

export interface MemberRow extends ConsentGroup {
  readonly subject_id: Id<'subject'>
  readonly consent_id: Id<'consent'>
  readonly commitment: Uint8Array
}

export function membersOf(tx: Tx, subjects: readonly Id<'subject'>[]): Promise<MemberRow[]> {
  return tx.query(
    'SELECT subject_id, consent_id, grantee, scope, expiry, commitment FROM proofs.member WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[])',
    [tx.tenant, subjects],
  )
}

export async function insertMembers(tx: Tx, rows: readonly MemberRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO proofs.member (tenant_id, subject_id, consent_id, grantee, scope, expiry, commitment)
      SELECT $1, m.* FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bytea[]) AS m
      ON CONFLICT DO NOTHING`,
    [
      tx.tenant,
      rows.map((row) => row.subject_id),
      rows.map((row) => row.consent_id),
      rows.map((row) => row.grantee),
      rows.map((row) => row.scope),
      rows.map((row) => row.expiry),
      rows.map((row) => row.commitment),
    ],
  )
}

export function forgetMembers(tx: Tx, subject: Id<'subject'>): Promise<number> {
  return tx.change('DELETE FROM proofs.member WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject])
}

export interface PublicationRow {
  readonly id: Id<'publication'>
  readonly entry_id: Id<'entry'>
  readonly published_at: Instant
  readonly sets_root: Uint8Array
}

export async function insertPublication(tx: Tx, row: PublicationRow, sets: readonly ConsentSet[], leaves: readonly Uint8Array[]): Promise<void> {
  await tx.query('INSERT INTO proofs.publication (tenant_id, id, entry_id, published_at, sets_root) VALUES ($1, $2, $3, $4, $5)', [
    tx.tenant,
    row.id,
    row.entry_id,
    row.published_at,
    row.sets_root,
  ])
  await tx.query(
    `INSERT INTO proofs.consent_set (tenant_id, publication_id, place, grantee, scope, expiry, leaf, members)
      SELECT $1, $2, s.place - 1, s.grantee, s.scope, s.expiry, s.leaf, s.members
      FROM unnest($3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[]) WITH ORDINALITY AS s(grantee, scope, expiry, leaf, members, place)`,
    [
      tx.tenant,
      row.id,
      sets.map(({ group }) => group.grantee),
      sets.map(({ group }) => group.scope),
      sets.map(({ group }) => group.expiry),
      leaves,
      sets.map(({ members }) => joinMembers(members)),
    ],
  )
}

/** Publications that nothing was proven against are dropped when they are no longer fresh: the log keeps their root. */
export async function dropPublications(tx: Tx, before: Instant): Promise<void> {
  await tx.query(
    `DELETE FROM proofs.publication p WHERE p.tenant_id = $1 AND p.published_at < $2
      AND NOT EXISTS (SELECT FROM proofs.proof f WHERE f.tenant_id = $1 AND f.publication_id = p.id)`,
    [tx.tenant, before],
  )
}

export async function newestPublication(tx: Tx): Promise<PublicationRow | undefined> {
  const rows = await tx.query<PublicationRow>(
    'SELECT id, entry_id, published_at, sets_root FROM proofs.publication WHERE tenant_id = $1 AND system = $2 ORDER BY published_at DESC, id DESC LIMIT 1',
    [tx.tenant, oneOutOfManyId],
  )
  return rows[0]
}

export interface SetRow extends ConsentGroup {
  readonly place: number
  readonly members: Uint8Array
}

export function setsOfGroup(tx: Tx, publication: Id<'publication'>, { grantee, scope, expiry }: ConsentGroup): Promise<SetRow[]> {
  return tx.query(
    `SELECT place, grantee, scope, expiry, members FROM proofs.consent_set
      WHERE tenant_id = $1 AND publication_id = $2 AND grantee = $3 AND scope = $4 AND expiry = $5 ORDER BY place`,
    [tx.tenant, publication, grantee, scope, expiry],
  )
}

export function setCounts(tx: Tx, publication: Id<'publication'>): Promise<(ConsentGroup & { members: number })[]> {
  return tx.query(
    `SELECT grantee, scope, expiry, length(members) / 32 AS members FROM proofs.consent_set WHERE tenant_id = $1 AND publication_id = $2 ORDER BY place`,
    [tx.tenant, publication],
  )
}

export async function setLeaves(tx: Tx, publication: Id<'publication'>): Promise<Uint8Array[]> {
  const rows = await tx.query<{ leaf: Uint8Array }>('SELECT leaf FROM proofs.consent_set WHERE tenant_id = $1 AND publication_id = $2 ORDER BY place', [
    tx.tenant,
    publication,
  ])
  return rows.map((row) => row.leaf)
}

export interface ProofRow extends ConsentGroup {
  readonly id: Id<'proof'>
  readonly publication_id: Id<'publication'>
  readonly place: number
  readonly batch_id: Id<'batch'> | null
  readonly system: string
  readonly nullifier: Uint8Array
  readonly request_hash: Uint8Array
  readonly verifier: string
  readonly proven_for: Instant
  readonly checkpoint: string
  readonly entry_index: number
  readonly entry_body: Uint8Array
  readonly entry_proof: readonly Uint8Array[]
  readonly proof: Uint8Array
  readonly made_at: Instant
}

/** With the set that it speaks of. */
export interface ProofWithSet extends ProofRow {
  readonly members: Uint8Array
  /** Of a large set's tree. */
  readonly root: Uint8Array | null
}

export type NewProof = Omit<ProofRow, keyof ConsentGroup | 'batch_id'>

export async function insertProof(tx: Tx, row: NewProof): Promise<void> {
  await tx.query(
    `INSERT INTO proofs.proof (tenant_id, id, publication_id, place, system, nullifier, request_hash, verifier, proven_for, checkpoint, entry_index, entry_body, entry_proof, proof, made_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::bytea[], $14, $15)`,
    [
      tx.tenant,
      row.id,
      row.publication_id,
      row.place,
      row.system,
      row.nullifier,
      row.request_hash,
      row.verifier,
      row.proven_for,
      row.checkpoint,
      row.entry_index,
      row.entry_body,
      row.entry_proof,
      row.proof,
      row.made_at,
    ],
  )
}

const proofs = (ofSet: string) => `SELECT f.*, s.grantee, s.scope, s.expiry${ofSet} FROM proofs.proof f
  JOIN proofs.consent_set s ON s.tenant_id = f.tenant_id AND s.publication_id = f.publication_id AND s.place = f.place`

export async function proofById(tx: Tx, id: Id<'proof'>): Promise<ProofWithSet | undefined> {
  return (await tx.query<ProofWithSet>(`${proofs(', s.members, s.root')} WHERE f.tenant_id = $1 AND f.id = $2`, [tx.tenant, id]))[0]
}

/** Newest first; ids grow with time. */
export function listProofs(tx: Tx, filter: { before: Id<'proof'> | undefined; batch: Id<'batch'> | undefined }, limit: number): Promise<ProofRow[]> {
  return tx.query<ProofRow>(
    `${proofs('')} WHERE f.tenant_id = $1 AND ($2::uuid IS NULL OR f.id < $2) AND ($3::uuid IS NULL OR f.batch_id = $3) ORDER BY f.id DESC LIMIT $4`,
    [tx.tenant, filter.before ?? null, filter.batch ?? null, limit],
  )
}

export function waitingProofs(tx: Tx, limit: number): Promise<Pick<ProofRow, 'id' | 'system' | 'nullifier' | 'proof'>[]> {
  return tx.query('SELECT id, system, nullifier, proof FROM proofs.proof WHERE tenant_id = $1 AND batch_id IS NULL ORDER BY id LIMIT $2 FOR UPDATE', [
    tx.tenant,
    limit,
  ])
}

/** Where the next batch begins to read the log; held until the transaction ends, so that two batches never read the same stretch. */
export async function holdPlace(tx: Tx): Promise<number> {
  await tx.query('INSERT INTO proofs.place (tenant_id, next) VALUES ($1, 0) ON CONFLICT DO NOTHING', [tx.tenant])
  const [row] = await tx.query<{ next: number }>('SELECT next FROM proofs.place WHERE tenant_id = $1 FOR UPDATE', [tx.tenant])
  return row?.next ?? 0
}

export async function movePlace(tx: Tx, next: number): Promise<void> {
  await tx.query('UPDATE proofs.place SET next = $2 WHERE tenant_id = $1', [tx.tenant, next])
}

export interface BatchRow {
  readonly id: Id<'batch'>
  readonly entry_id: Id<'entry'>
  readonly made_at: Instant
  readonly releases: number
  readonly consent_changes: number
  readonly proofs: number
  readonly unproven: number
}

export async function insertBatch(tx: Tx, row: BatchRow, proofIds: readonly Id<'proof'>[]): Promise<void> {
  await tx.query(
    'INSERT INTO proofs.batch (tenant_id, id, entry_id, made_at, releases, consent_changes, proofs, unproven) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [tx.tenant, row.id, row.entry_id, row.made_at, row.releases, row.consent_changes, row.proofs, row.unproven],
  )
  await tx.query('UPDATE proofs.proof SET batch_id = $2 WHERE tenant_id = $1 AND id = ANY($3::uuid[])', [tx.tenant, row.id, proofIds])
}

export function listBatches(tx: Tx, before: Id<'batch'> | undefined, limit: number): Promise<BatchRow[]> {
  return tx.query('SELECT * FROM proofs.batch WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3', [
    tx.tenant,
    before ?? null,
    limit,
  ])
}

export async function batchById(tx: Tx, id: Id<'batch'>): Promise<BatchRow | undefined> {
  return (await tx.query<BatchRow>('SELECT * FROM proofs.batch WHERE tenant_id = $1 AND id = $2', [tx.tenant, id]))[0]
}

/** In the order in which they were hashed. */
export function proofsOfBatch(tx: Tx, batch: Id<'batch'>): Promise<Pick<ProofRow, 'id' | 'system' | 'nullifier' | 'proof' | 'verifier'>[]> {
  return tx.query('SELECT id, system, nullifier, proof, verifier FROM proofs.proof WHERE tenant_id = $1 AND batch_id = $2 ORDER BY id', [tx.tenant, batch])
}

/** @returns false when the nullifier was accepted before */
export async function insertAccepted(tx: Tx, row: { origin: string; verifier: string; nullifier: Uint8Array; at: Instant }): Promise<boolean> {
  const inserted = await tx.change(
    'INSERT INTO proofs.accepted (tenant_id, origin, verifier, nullifier, accepted_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [tx.tenant, row.origin, row.verifier, row.nullifier, row.at],
  )
  return inserted === 1
}
