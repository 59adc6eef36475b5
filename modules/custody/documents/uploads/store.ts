/** The SQL of files that come in parts. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface UploadRow {
  readonly id: Id<'upload'>
  readonly document_id: Id<'document'>
  readonly bytes: number
  readonly received: number
  readonly version: number | null
  readonly created_at: Instant
  readonly created_by: string
  readonly expires_at: Instant
}

export interface PartRow {
  /** Where it begins in the file. */
  readonly place: number
  readonly bytes: number
  readonly salt: Uint8Array
  readonly blob: string
}

const columns = 'id, document_id, bytes, received, version, created_at, created_by, expires_at'

export async function insertUpload(tx: Tx, row: UploadRow): Promise<void> {
  await tx.change(`INSERT INTO documents.upload (tenant_id, ${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
    tx.tenant,
    row.id,
    row.document_id,
    row.bytes,
    row.received,
    row.version,
    row.created_at,
    row.created_by,
    row.expires_at,
  ])
}

/** One that is over its time is not there any more. */
export async function findUpload(
  tx: Tx,
  { document, upload, now }: { readonly document: Id<'document'>; readonly upload: Id<'upload'>; readonly now: Instant },
  lock?: 'lock',
): Promise<UploadRow | undefined> {
  const rows = await tx.query<UploadRow>(
    `SELECT ${columns} FROM documents.upload WHERE tenant_id = $1 AND document_id = $2 AND id = $3 AND expires_at > $4 ${lock === undefined ? '' : 'FOR UPDATE'}`,
    [tx.tenant, document, upload, now],
  )
  return rows[0]
}

/** How many of the document are under way. */
export async function openUploads(tx: Tx, document: Id<'document'>, now: Instant): Promise<number> {
  const rows = await tx.query<{ open: number }>(
    'SELECT count(*)::int AS open FROM documents.upload WHERE tenant_id = $1 AND document_id = $2 AND version IS NULL AND expires_at > $3',
    [tx.tenant, document, now],
  )
  return rows[0]?.open ?? 0
}

export async function addPart(tx: Tx, upload: Id<'upload'>, part: PartRow): Promise<void> {
  await tx.change('INSERT INTO documents.upload_part (tenant_id, upload_id, place, bytes, salt, blob) VALUES ($1, $2, $3, $4, $5, $6)', [
    tx.tenant,
    upload,
    part.place,
    part.bytes,
    part.salt,
    part.blob,
  ])
  await tx.change('UPDATE documents.upload SET received = received + $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, upload, part.bytes])
}

export async function countParts(tx: Tx, upload: Id<'upload'>): Promise<number> {
  const rows = await tx.query<{ parts: number }>('SELECT count(*)::int AS parts FROM documents.upload_part WHERE tenant_id = $1 AND upload_id = $2', [
    tx.tenant,
    upload,
  ])
  return rows[0]?.parts ?? 0
}

/** In the order of the file. */
export function partsOf(tx: Tx, upload: Id<'upload'>): Promise<PartRow[]> {
  return tx.query<PartRow>('SELECT place, bytes, salt, blob FROM documents.upload_part WHERE tenant_id = $1 AND upload_id = $2 ORDER BY place', [
    tx.tenant,
    upload,
  ])
}

/** The upload has become a version: its parts are objects without a row from here on. */
export async function closeUpload(tx: Tx, upload: Id<'upload'>, version: number): Promise<void> {
  await tx.change('UPDATE documents.upload SET version = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, upload, version])
  await tx.change('DELETE FROM documents.upload_part WHERE tenant_id = $1 AND upload_id = $2', [tx.tenant, upload])
}

export function deleteUpload(tx: Tx, upload: Id<'upload'>): Promise<number> {
  return tx.change('DELETE FROM documents.upload WHERE tenant_id = $1 AND id = $2', [tx.tenant, upload])
}

/** Of every institution, in the node's scope. */
export function deleteExpired(tx: Tx, now: Instant): Promise<number> {
  return tx.change('DELETE FROM documents.upload WHERE expires_at <= $1', [now])
}

export async function blobsOfDocument(tx: Tx, document: Id<'document'>): Promise<string[]> {
  const rows = await tx.query<{ blob: string }>(
    `SELECT p.blob FROM documents.upload_part p JOIN documents.upload u ON u.tenant_id = p.tenant_id AND u.id = p.upload_id
      WHERE u.tenant_id = $1 AND u.document_id = $2`,
    [tx.tenant, document],
  )
  return rows.map(({ blob }) => blob)
}
