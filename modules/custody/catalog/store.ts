import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Said } from '@gatehouse/core/sentence'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { CatalogColumn, Change, healthStates, Source, sourceStates, Upload } from './schema.ts'

type SourceId = Id<'data_source'>
type TableId = Id<'table'>

export interface SourceRow {
  readonly id: SourceId
  readonly slug: string
  readonly kind: string
  readonly title: string
  readonly settings: Source['settings']
  readonly state: (typeof sourceStates)[number]
  readonly health: (typeof healthStates)[number]
  readonly health_detail: string | null
  readonly health_said: Said | null
  readonly checked_at: Instant | null
  readonly server: string | null
  readonly read_only: boolean | null
  readonly discovered_at: Instant | null
  readonly revision: number
  readonly created_at: Instant
  readonly created_by: string
}

export interface TableRow {
  readonly id: TableId
  readonly source_id: SourceId
  readonly slug: string
  readonly title: string
  readonly description: string | null
  readonly name: string
  readonly columns: readonly CatalogColumn[]
  readonly key: readonly string[]
  readonly refers: readonly { readonly columns: readonly string[]; readonly table: string; readonly to: readonly string[] }[]
  readonly rows: number | null
  readonly floor: number
  readonly schema_version: number
  readonly gone: boolean
  readonly revision: number
  readonly created_at: Instant
}

export interface UploadRow {
  readonly id: Id<'upload'>
  readonly table_id: TableId
  readonly version: number
  readonly schema_version: number
  readonly file: string | null
  readonly format: Upload['format']
  readonly bytes: number
  readonly rows: number
  readonly bad_rows: number
  readonly faults: Upload['faults']
  readonly digest: Uint8Array
  readonly created_at: Instant
  readonly created_by: string
}

export interface ChangeRow {
  readonly table_id: TableId
  readonly schema_version: number
  readonly changes: readonly Change[]
  readonly at: Instant
}

const sourceColumns =
  'id, slug, kind, title, settings, state, health, health_detail, health_said, checked_at, server, read_only, discovered_at, revision, created_at, created_by'
const tableColumns = 'id, source_id, slug, title, description, name, columns, key, refers, rows, floor, schema_version, gone, revision, created_at'
const uploadColumns = 'id, table_id, version, schema_version, file, format, bytes, rows, bad_rows, faults, digest, created_at, created_by'
const ofSource = (alias: string) =>
  tableColumns
    .split(', ')
    .map((column) => `${alias}.${column}`)
    .join(', ')

/** @returns what stands in the way, if anything does */
export async function insertSource(tx: Tx, row: SourceRow, max: number): Promise<'slug_taken' | 'too_many' | undefined> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('catalog/sources/' || $1))`, [tx.tenant])
  const [found] = await tx.query<{ count: number; taken: boolean }>(
    'SELECT count(*)::int AS count, coalesce(bool_or(slug = $2), false) AS taken FROM catalog.source WHERE tenant_id = $1',
    [tx.tenant, row.slug],
  )
  if (found?.taken === true) return 'slug_taken'
  if ((found?.count ?? 0) >= max) return 'too_many'
  await tx.query(
    `INSERT INTO catalog.source (tenant_id, ${sourceColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      tx.tenant,
      row.id,
      row.slug,
      row.kind,
      row.title,
      JSON.stringify(row.settings),
      row.state,
      row.health,
      row.health_detail,
      row.health_said === null ? null : JSON.stringify(row.health_said),
      row.checked_at,
      row.server,
      row.read_only,
      row.discovered_at,
      row.revision,
      row.created_at,
      row.created_by,
    ],
  )
  return undefined
}

export async function findSource(tx: Tx, id: SourceId, lock?: 'lock'): Promise<SourceRow | undefined> {
  const rows = await tx.query<SourceRow>(
    `SELECT ${sourceColumns} FROM catalog.source WHERE tenant_id = $1 AND id = $2 ${lock === undefined ? '' : 'FOR UPDATE'}`,
    [tx.tenant, id],
  )
  return rows[0]
}

/** Newest first. */
export function listSources(tx: Tx, before: SourceId | undefined, limit: number): Promise<SourceRow[]> {
  return tx.query<SourceRow>(`SELECT ${sourceColumns} FROM catalog.source WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`, [
    tx.tenant,
    before ?? null,
    limit,
  ])
}

export function updateSource(tx: Tx, row: SourceRow): Promise<number> {
  return tx.change('UPDATE catalog.source SET title = $3, settings = $4, state = $5, revision = $6 WHERE tenant_id = $1 AND id = $2', [
    tx.tenant,
    row.id,
    row.title,
    JSON.stringify(row.settings),
    row.state,
    row.revision,
  ])
}

export type Health = Pick<SourceRow, 'health' | 'health_detail' | 'health_said' | 'checked_at'> & Partial<Pick<SourceRow, 'server' | 'read_only'>>

export function keepHealth(tx: Tx, id: SourceId, { health, health_detail, health_said, checked_at, server, read_only }: Health): Promise<number> {
  return tx.change(
    `UPDATE catalog.source SET health = $3, health_detail = $4, checked_at = $5, server = coalesce($6, server), read_only = coalesce($7, read_only),
      health_said = $8
      WHERE tenant_id = $1 AND id = $2`,
    [tx.tenant, id, health, health_detail, checked_at, server ?? null, read_only ?? null, health_said === null ? null : JSON.stringify(health_said)],
  )
}

export function markDiscovered(tx: Tx, id: SourceId, at: Instant): Promise<number> {
  return tx.change('UPDATE catalog.source SET discovered_at = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, at])
}

export function deleteSource(tx: Tx, id: SourceId): Promise<number> {
  return tx.change('DELETE FROM catalog.source WHERE tenant_id = $1 AND id = $2', [tx.tenant, id])
}

/** Active sources of the kinds, those that were looked at longest ago first: of whatever tenant, in the node's scope. */
export function dueSources(tx: Tx, kinds: readonly string[], before: Instant, limit: number): Promise<{ tenant_id: Id<'tenant'>; id: SourceId }[]> {
  return tx.query(
    `SELECT tenant_id, id FROM catalog.source WHERE state = 'active' AND kind = ANY($1::text[]) AND (checked_at IS NULL OR checked_at < $2)
      ORDER BY checked_at NULLS FIRST LIMIT $3`,
    [kinds, before, limit],
  )
}

export async function tableCounts(tx: Tx, sources: readonly SourceId[]): Promise<ReadonlyMap<SourceId, number>> {
  const rows = await tx.query<{ source_id: SourceId; count: number }>(
    'SELECT source_id, count(*)::int AS count FROM catalog.table WHERE tenant_id = $1 AND source_id = ANY($2::uuid[]) AND NOT gone GROUP BY source_id',
    [tx.tenant, sources],
  )
  return new Map(rows.map(({ source_id, count }) => [source_id, count]))
}

export async function insertTable(tx: Tx, row: TableRow): Promise<void> {
  await tx.query(`INSERT INTO catalog.table (tenant_id, ${tableColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, [
    tx.tenant,
    row.id,
    row.source_id,
    row.slug,
    row.title,
    row.description,
    row.name,
    JSON.stringify(row.columns),
    JSON.stringify(row.key),
    JSON.stringify(row.refers),
    row.rows,
    row.floor,
    row.schema_version,
    row.gone,
    row.revision,
    row.created_at,
  ])
}

export function updateTable(tx: Tx, row: TableRow): Promise<number> {
  return tx.change(
    `UPDATE catalog.table SET title = $3, description = $4, columns = $5, key = $6, refers = $7, rows = $8, floor = $9, schema_version = $10, gone = $11, revision = $12
      WHERE tenant_id = $1 AND id = $2`,
    [
      tx.tenant,
      row.id,
      row.title,
      row.description,
      JSON.stringify(row.columns),
      JSON.stringify(row.key),
      JSON.stringify(row.refers),
      row.rows,
      row.floor,
      row.schema_version,
      row.gone,
      row.revision,
    ],
  )
}

export async function findTable(tx: Tx, id: TableId, lock?: 'lock'): Promise<TableRow | undefined> {
  const rows = await tx.query<TableRow>(
    `SELECT ${tableColumns} FROM catalog.table WHERE tenant_id = $1 AND id = $2 ${lock === undefined ? '' : 'FOR UPDATE'}`,
    [tx.tenant, id],
  )
  return rows[0]
}

export interface TableFilter {
  readonly source?: SourceId | undefined
  readonly reference?: string | undefined
}

export interface TableSearch {
  /** In small letters. */
  readonly text: string | undefined
  /** Tables of whose columns the searcher may know; of the others title, description and name are looked at alone. */
  readonly known: readonly string[]
}

/** Tables that can be worked with, in the order of their references. */
export function searchTableRows(
  tx: Tx,
  { text, known }: TableSearch,
  after: string | undefined,
  limit: number,
): Promise<{ source: SourceRow; table: TableRow }[]> {
  return tx.query(
    `SELECT row_to_json(s) AS source, row_to_json(t) AS "table" FROM catalog.table t JOIN catalog.source s ON s.tenant_id = t.tenant_id AND s.id = t.source_id
        CROSS JOIN LATERAL (SELECT (s.slug || '.' || t.slug) COLLATE "C" AS reference) r
      WHERE t.tenant_id = $1 AND NOT t.gone AND ($4::text IS NULL OR r.reference > $4)
        AND ($2::text IS NULL OR strpos(lower(concat_ws(' ', r.reference, t.title, t.description)), $2) > 0 OR (r.reference = ANY($3::text[]) AND EXISTS (
          SELECT FROM jsonb_array_elements(t.columns::jsonb) AS c (of)
            WHERE strpos(lower(concat_ws(' ', c.of ->> 'name', replace(c.of ->> 'name', '_', ' '), c.of ->> 'description', c.of ->> 'semantic')), $2) > 0)))
      ORDER BY r.reference LIMIT $5`,
    [tx.tenant, text ?? null, known, after ?? null, limit],
  )
}

/** In the order of their references. */
export function listTables(tx: Tx, filter: TableFilter, after: string | undefined, limit: number): Promise<(TableRow & { reference: string })[]> {
  return tx.query(
    `SELECT ${ofSource('t')}, s.slug || '.' || t.slug AS reference FROM catalog.table t JOIN catalog.source s ON s.tenant_id = t.tenant_id AND s.id = t.source_id
      WHERE t.tenant_id = $1 AND ($2::uuid IS NULL OR t.source_id = $2) AND ($3::text IS NULL OR s.slug || '.' || t.slug = $3)
        AND ($4::text IS NULL OR (s.slug || '.' || t.slug) COLLATE "C" > $4) ORDER BY (s.slug || '.' || t.slug) COLLATE "C" LIMIT $5`,
    [tx.tenant, filter.source ?? null, filter.reference ?? null, after ?? null, limit],
  )
}

export async function findByReference(tx: Tx, source: string, table: string): Promise<{ source: SourceRow; table: TableRow } | undefined> {
  const found = await findSourceBySlug(tx, source)
  if (found === undefined) return undefined
  const [row] = await tx.query<TableRow>(`SELECT ${tableColumns} FROM catalog.table WHERE tenant_id = $1 AND source_id = $2 AND slug = $3`, [
    tx.tenant,
    found.id,
    table,
  ])
  return row && { source: found, table: row }
}

export function tablesOf(tx: Tx, source: SourceId, lock?: 'lock'): Promise<TableRow[]> {
  return tx.query<TableRow>(
    `SELECT ${tableColumns} FROM catalog.table WHERE tenant_id = $1 AND source_id = $2 ORDER BY slug ${lock === undefined ? '' : 'FOR UPDATE'}`,
    [tx.tenant, source],
  )
}

export async function insertChange(tx: Tx, row: ChangeRow): Promise<void> {
  await tx.query('INSERT INTO catalog.change (tenant_id, table_id, schema_version, changes, at) VALUES ($1, $2, $3, $4, $5)', [
    tx.tenant,
    row.table_id,
    row.schema_version,
    JSON.stringify(row.changes),
    row.at,
  ])
}

/** Newest first. */
export function changesOf(tx: Tx, table: TableId, limit: number): Promise<ChangeRow[]> {
  return tx.query<ChangeRow>(
    'SELECT table_id, schema_version, changes, at FROM catalog.change WHERE tenant_id = $1 AND table_id = $2 ORDER BY schema_version DESC LIMIT $3',
    [tx.tenant, table, limit],
  )
}

export async function insertUpload(tx: Tx, row: UploadRow): Promise<void> {
  await tx.query(`INSERT INTO catalog.upload (tenant_id, ${uploadColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, [
    tx.tenant,
    row.id,
    row.table_id,
    row.version,
    row.schema_version,
    row.file,
    row.format,
    row.bytes,
    row.rows,
    row.bad_rows,
    JSON.stringify(row.faults),
    row.digest,
    row.created_at,
    row.created_by,
  ])
}

/** Newest first. */
export function uploadsOf(tx: Tx, table: TableId, limit: number): Promise<UploadRow[]> {
  return tx.query<UploadRow>(`SELECT ${uploadColumns} FROM catalog.upload WHERE tenant_id = $1 AND table_id = $2 ORDER BY version DESC LIMIT $3`, [
    tx.tenant,
    table,
    limit,
  ])
}

/** Forgets the files of all versions but the newest. @returns their names */
export async function releaseFiles(tx: Tx, table: TableId, kept: number): Promise<string[]> {
  const rows = await tx.query<{ file: string }>(
    `UPDATE catalog.upload u SET file = NULL FROM catalog.upload old
      WHERE u.tenant_id = $1 AND u.table_id = $2 AND old.tenant_id = u.tenant_id AND old.id = u.id AND u.file IS NOT NULL
        AND u.version <= (SELECT max(version) FROM catalog.upload WHERE tenant_id = $1 AND table_id = $2) - $3
      RETURNING old.file`,
    [tx.tenant, table, kept],
  )
  return rows.map(({ file }) => file)
}

export async function filesOfSource(tx: Tx, source: SourceId): Promise<string[]> {
  const rows = await tx.query<{ file: string }>(
    `SELECT u.file FROM catalog.upload u JOIN catalog.table t ON t.tenant_id = u.tenant_id AND t.id = u.table_id
      WHERE u.tenant_id = $1 AND t.source_id = $2 AND u.file IS NOT NULL`,
    [tx.tenant, source],
  )
  return rows.map(({ file }) => file)
}

/** Which of these table files belong to a version, of whatever tenant: for the sweeper, in the node's scope. */
export async function knownFiles(tx: Tx, files: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ file: string }>('SELECT file FROM catalog.upload WHERE file = ANY($1::text[])', [files])
  return new Set(rows.map(({ file }) => file))
}

export async function findSourceBySlug(tx: Tx, slug: string): Promise<SourceRow | undefined> {
  return (await tx.query<SourceRow>(`SELECT ${sourceColumns} FROM catalog.source WHERE tenant_id = $1 AND slug = $2`, [tx.tenant, slug]))[0]
}
