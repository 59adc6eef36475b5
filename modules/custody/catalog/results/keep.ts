/**
 * Results of queries as tables of the catalogue. Their rows are copied into a table file of the catalogue's own, so that whoever reads
 * tables need not know of results; the copy goes when the result does.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { lengthPrefixed } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { resultKind } from '../connectors/kinds.ts'
import { type CatalogColumn, limits } from '../schema.ts'
import {
  findByReference,
  findSourceBySlug,
  insertSource,
  insertTable,
  insertUpload,
  releaseFiles,
  type SourceRow,
  type TableRow,
  updateTable,
} from '../store.ts'
import type { Manifest } from '../table-files/manifest.ts'
import { writeTable } from '../table-files/write-table.ts'
import { fileKey, fileName } from '../uploads/file-key.ts'

/** How plans and projects name the source: `results.table`. Whoever has named a source of their own so keeps it, and no result becomes a table. */
const slug = 'results'

export interface ResultTable {
  readonly table: Id<'table'>
  readonly source: Id<'data_source'>
  readonly upload: Id<'upload'>
  readonly slug: string
  readonly title: string
  readonly description: string
  readonly columns: readonly CatalogColumn[]
  readonly rows: number
  /** No figure of fewer people is told of it. */
  readonly floor: number
  readonly digest: string
  readonly by: string
  readonly at: Instant
}

/** The rows, durable before the table is. @returns the name of the file, to be deleted where the table is not kept */
export async function writeResultFile(
  node: Node,
  tenant: Id<'tenant'>,
  upload: Id<'upload'>,
  fields: readonly Field[],
  chunks: AsyncIterable<Dataset>,
): Promise<{ readonly file: string; readonly manifest: Manifest }> {
  const file = fileName(tenant, upload)
  return { file, manifest: await writeTable(node.blobs, node.keys.primitives, await fileKey(node, tenant, file), fields, chunks) }
}

/** @returns the table's reference, or what stands in the way */
export async function keepResultTable(
  tx: Tx,
  node: Node,
  tenant: Id<'tenant'>,
  made: ResultTable,
): Promise<{ readonly reference: string } | { readonly refused: 'slug_taken' | 'too_many' }> {
  const source = (await findSourceBySlug(tx, slug)) ?? sourceRow(made)
  if (source.kind !== resultKind) return { refused: 'slug_taken' }
  if (source.id === made.source) {
    const refused = await insertSource(tx, source, limits.sourcesPerTenant)
    if (refused !== undefined) return { refused }
  }
  const table: TableRow = {
    id: made.table,
    source_id: source.id,
    slug: made.slug,
    title: made.title,
    description: made.description,
    name: made.slug,
    columns: made.columns,
    key: [],
    refers: [],
    rows: made.rows,
    floor: made.floor,
    schema_version: 1,
    gone: false,
    revision: 1,
    created_at: made.at,
  }
  await insertTable(tx, table)
  const digest = node.keys.primitives.hmacSha256(await node.keys.secret(tenant, 'catalog/digests'), lengthPrefixed([made.digest]))
  const of = { id: made.upload, table_id: made.table, version: 1, schema_version: 1, file: fileName(tenant, made.upload), format: 'result' as const }
  await insertUpload(tx, { ...of, bytes: 0, rows: made.rows, bad_rows: 0, faults: [], digest, created_at: made.at, created_by: made.by })
  return { reference: `${slug}.${made.slug}` }
}

/** It is read by nobody from here on. @returns the files to delete; those of a crash in between are orphans, and swept */
export async function endResultTable(tx: Tx, reference: string): Promise<string[]> {
  const [source, table] = reference.split('.')
  const found = source === undefined || table === undefined ? undefined : await findByReference(tx, source, table)
  if (found?.source.kind !== resultKind) return []
  if (!found.table.gone) await updateTable(tx, { ...found.table, gone: true, revision: found.table.revision + 1 })
  return releaseFiles(tx, found.table.id, 0)
}

const sourceRow = ({ source: id, at, by }: ResultTable): SourceRow => ({
  id,
  slug,
  kind: resultKind,
  title: 'Results of queries',
  settings: {},
  state: 'active',
  health: 'healthy',
  health_detail: null,
  health_said: null,
  checked_at: null,
  server: null,
  read_only: true,
  discovered_at: null,
  revision: 1,
  created_at: at,
  created_by: by,
})
