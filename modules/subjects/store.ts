import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { SubjectStatus } from './schema.ts'

export interface SubjectRow {
  readonly subject_id: Id<'subject'>
  readonly outside_id: Uint8Array
  readonly commitment: Uint8Array
  readonly status: SubjectStatus
}

export interface NewSubjectRow {
  readonly subjectId: Id<'subject'>
  readonly outsideId: Uint8Array
  readonly commitment: Uint8Array
  readonly wrappedKey: Uint8Array
}

const columns = 'subject_id, outside_id, commitment, status'

export async function findByOutsideId(tx: Tx, outsideId: Uint8Array): Promise<SubjectRow | undefined> {
  const rows = await tx.query<SubjectRow>(
    { name: 'subjects-by-outside-id', text: `SELECT ${columns} FROM subjects.subject WHERE tenant_id = $1 AND outside_id = $2` },
    [tx.tenant, outsideId],
  )
  return rows[0]
}

/**
 * LIMIT in the lateral query holds the planner to one look-up by outside id each. Left to itself on a table that is new and
 * without statistics, it walks all persons of the tenant and filters, for every batch of an import.
 */
export function findByOutsideIds(tx: Tx, outsideIds: readonly Uint8Array[]): Promise<SubjectRow[]> {
  return tx.query<SubjectRow>(
    {
      name: 'subjects-by-outside-ids',
      text: `SELECT s.* FROM unnest($2::bytea[]) AS wanted CROSS JOIN LATERAL (
          SELECT ${columns} FROM subjects.subject WHERE tenant_id = $1 AND outside_id = wanted LIMIT 1) s`,
    },
    [tx.tenant, outsideIds],
  )
}

export async function findById(tx: Tx, subject: Id<'subject'>): Promise<SubjectRow | undefined> {
  const rows = await tx.query<SubjectRow>(
    { name: 'subjects-by-id', text: `SELECT ${columns} FROM subjects.subject WHERE tenant_id = $1 AND subject_id = $2` },
    [tx.tenant, subject],
  )
  return rows[0]
}

/** The keyed hashes of the people named, and of those who are archived or erased. */
export async function hashesOf(tx: Tx, subjects: readonly Id<'subject'>[]): Promise<Uint8Array[]> {
  const rows = await tx.query<Pick<SubjectRow, 'outside_id'>>(
    `SELECT outside_id FROM subjects.subject WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[])
      UNION SELECT outside_id FROM subjects.subject WHERE tenant_id = $1 AND status <> 'active'`,
    [tx.tenant, subjects],
  )
  return rows.map(({ outside_id }) => outside_id)
}

export async function findArchived(tx: Tx, subjects: readonly Id<'subject'>[]): Promise<Id<'subject'>[]> {
  const rows = await tx.query<Pick<SubjectRow, 'subject_id'>>(
    `SELECT subject_id FROM subjects.subject WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]) AND status = 'archived'`,
    [tx.tenant, subjects],
  )
  return rows.map(({ subject_id }) => subject_id)
}

/** Rows come sorted by outside id: two batches that overlap then wait for each other in one order and cannot deadlock. */
export async function insertSubjects(tx: Tx, rows: readonly NewSubjectRow[], kekVersion: number, now: string): Promise<void> {
  await tx.query(
    {
      name: 'subjects-insert',
      text: `INSERT INTO subjects.subject (tenant_id, subject_id, outside_id, commitment, commitment_key, kek_version, created_at)
        SELECT $1, s.subject_id, s.outside_id, s.commitment, s.commitment_key, $6, $7
        FROM unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[]) AS s(subject_id, outside_id, commitment, commitment_key)
        ON CONFLICT (tenant_id, outside_id) DO NOTHING`,
    },
    [
      tx.tenant,
      rows.map((row) => row.subjectId),
      rows.map((row) => row.outsideId),
      rows.map((row) => row.commitment),
      rows.map((row) => row.wrappedKey),
      kekVersion,
      now,
    ],
  )
}

export interface CommitmentKeyRow {
  readonly commitment_key: Uint8Array | null
  readonly kek_version: number | null
}

export async function findCommitmentKey(tx: Tx, subject: Id<'subject'>): Promise<CommitmentKeyRow | undefined> {
  const rows = await tx.query<CommitmentKeyRow>('SELECT commitment_key, kek_version FROM subjects.subject WHERE tenant_id = $1 AND subject_id = $2', [
    tx.tenant,
    subject,
  ])
  return rows[0]
}

export async function setStatus(tx: Tx, subject: Id<'subject'>, to: 'active' | 'archived'): Promise<boolean> {
  const from = to === 'active' ? 'archived' : 'active'
  return (
    (await tx.change('UPDATE subjects.subject SET status = $3 WHERE tenant_id = $1 AND subject_id = $2 AND status = $4', [tx.tenant, subject, to, from])) === 1
  )
}

export async function markErased(tx: Tx, subject: Id<'subject'>): Promise<boolean> {
  const changed = await tx.change(
    `UPDATE subjects.subject SET status = 'erased', commitment_key = NULL, kek_version = NULL
      WHERE tenant_id = $1 AND subject_id = $2 AND status <> 'erased'`,
    [tx.tenant, subject],
  )
  return changed === 1
}

export interface OldCommitmentKey extends CommitmentKeyRow {
  readonly subject_id: Id<'subject'>
  readonly commitment_key: Uint8Array
  readonly kek_version: number
}

/** The next keys after the person that lie under a version of the tenant's key below this one. */
export function oldCommitmentKeys(tx: Tx, below: number, after: string, limit: number): Promise<OldCommitmentKey[]> {
  return tx.query(
    {
      name: 'subjects-keys-old',
      text: `SELECT subject_id, commitment_key, kek_version FROM subjects.subject
        WHERE tenant_id = $1 AND kek_version < $2 AND subject_id > $3 ORDER BY subject_id LIMIT $4 FOR UPDATE SKIP LOCKED`,
    },
    [tx.tenant, below, after, limit],
  )
}

export async function moveCommitmentKeys(tx: Tx, kekVersion: number, subjects: readonly string[], wrapped: readonly Uint8Array[]): Promise<void> {
  await tx.query(
    {
      name: 'subjects-keys-move',
      text: `UPDATE subjects.subject s SET kek_version = $2, commitment_key = m.wrapped FROM unnest($3::uuid[], $4::bytea[]) AS m(subject_id, wrapped)
        WHERE s.tenant_id = $1 AND s.subject_id = m.subject_id AND s.commitment_key IS NOT NULL`,
    },
    [tx.tenant, kekVersion, subjects, wrapped],
  )
}

export async function countOldCommitmentKeys(tx: Tx, below: number): Promise<number> {
  const rows = await tx.query<{ count: number }>('SELECT count(*) FROM subjects.subject WHERE tenant_id = $1 AND kek_version < $2', [tx.tenant, below])
  return rows[0]?.count ?? 0
}
