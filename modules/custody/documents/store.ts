import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { WrappedDocumentKey } from './keys.ts'
import type { MediaType, scanStates } from './schema.ts'

export interface DocumentRow extends WrappedDocumentKey {
  readonly source: string
  readonly title: Uint8Array
  readonly retain_until: Instant | null
  readonly created_at: Instant
  readonly created_by: string
}

export interface VersionRow {
  readonly document_id: Id<'document'>
  readonly version: number
  readonly salt: Uint8Array
  readonly blob: string
  readonly bytes: number
  readonly media_type: MediaType
  readonly digest: Uint8Array
  readonly scan: (typeof scanStates)[number]
  readonly signature: string | null
  readonly scanned_at: Instant | null
  readonly created_at: Instant
  readonly created_by: string
}

const documentColumns = 'id, subject_id, source, dek_version, wrapped, title, retain_until, created_at, created_by'
const versionColumns = 'document_id, version, salt, blob, bytes, media_type, digest, scan, signature, scanned_at, created_at, created_by'

export async function insertDocument(tx: Tx, row: DocumentRow): Promise<void> {
  await tx.query(`INSERT INTO documents.document (tenant_id, ${documentColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, [
    tx.tenant,
    row.id,
    row.subject_id,
    row.source,
    row.dek_version,
    row.wrapped,
    row.title,
    row.retain_until,
    row.created_at,
    row.created_by,
  ])
}

export async function findDocument(tx: Tx, id: Id<'document'>, lock?: 'lock'): Promise<DocumentRow | undefined> {
  const rows = await tx.query<DocumentRow>(
    `SELECT ${documentColumns} FROM documents.document WHERE tenant_id = $1 AND id = $2 ${lock === undefined ? '' : 'FOR UPDATE'}`,
    [tx.tenant, id],
  )
  return rows[0]
}

/** Newest first. `subject`: only those about the person. */
export function listDocuments(tx: Tx, subject: Id<'subject'> | undefined, before: Id<'document'> | undefined, limit: number): Promise<DocumentRow[]> {
  return tx.query<DocumentRow>(
    `SELECT ${documentColumns} FROM documents.document
      WHERE tenant_id = $1 AND ($2::uuid IS NULL OR subject_id = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
    [tx.tenant, subject ?? null, before ?? null, limit],
  )
}

export function versionsOf(tx: Tx, documents: readonly Id<'document'>[]): Promise<VersionRow[]> {
  return tx.query<VersionRow>(
    `SELECT ${versionColumns} FROM documents.version WHERE tenant_id = $1 AND document_id = ANY($2::uuid[]) ORDER BY document_id, version DESC`,
    [tx.tenant, documents],
  )
}

export async function findVersion(tx: Tx, document: Id<'document'>, version: number): Promise<VersionRow | undefined> {
  const rows = await tx.query<VersionRow>(`SELECT ${versionColumns} FROM documents.version WHERE tenant_id = $1 AND document_id = $2 AND version = $3`, [
    tx.tenant,
    document,
    version,
  ])
  return rows[0]
}

export async function insertVersion(tx: Tx, row: VersionRow): Promise<void> {
  await tx.query(`INSERT INTO documents.version (tenant_id, ${versionColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, [
    tx.tenant,
    row.document_id,
    row.version,
    row.salt,
    row.blob,
    row.bytes,
    row.media_type,
    row.digest,
    row.scan,
    row.signature,
    row.scanned_at,
    row.created_at,
    row.created_by,
  ])
}

export function keepVerdict(
  tx: Tx,
  { document_id, version }: Pick<VersionRow, 'document_id' | 'version'>,
  verdict: { readonly scan: VersionRow['scan']; readonly signature: string | null; readonly at: Instant },
): Promise<number> {
  return tx.change('UPDATE documents.version SET scan = $4, signature = $5, scanned_at = $6 WHERE tenant_id = $1 AND document_id = $2 AND version = $3', [
    tx.tenant,
    document_id,
    version,
    verdict.scan,
    verdict.signature,
    verdict.at,
  ])
}

export function deleteDocument(tx: Tx, id: Id<'document'>): Promise<number> {
  return tx.change('DELETE FROM documents.document WHERE tenant_id = $1 AND id = $2', [tx.tenant, id])
}

/** With all versions. @returns how many documents */
export function deleteOf(tx: Tx, subject: Id<'subject'>): Promise<number> {
  return tx.change('DELETE FROM documents.document WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject])
}

/** Which of these objects belong to a version or to a part of an upload, of whatever tenant: for the sweeper, in the node's scope. */
export async function knownBlobs(tx: Tx, names: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ blob: string }>(
    'SELECT blob FROM documents.version WHERE blob = ANY($1::text[]) UNION ALL SELECT blob FROM documents.upload_part WHERE blob = ANY($1::text[])',
    [names],
  )
  return new Set(rows.map(({ blob }) => blob))
}

/** The names of all objects of the tenant that a row names. */
export async function blobsOfTenant(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ blob: string }>(
    'SELECT blob FROM documents.version WHERE tenant_id = $1 UNION ALL SELECT blob FROM documents.upload_part WHERE tenant_id = $1',
    [tx.tenant],
  )
  return rows.map(({ blob }) => blob)
}
