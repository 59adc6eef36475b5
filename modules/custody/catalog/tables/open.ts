/** Reading a table of the catalogue, whatever kind of source it is in. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import type { Node } from '@gatehouse/runtime/door/node'
import { select } from '@gatehouse/tabular/dataset'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { maskOf } from '@gatehouse/tabular/predicate-evaluate'
import { columnsIn } from '@gatehouse/tabular/predicate-parse'
import { keepRows } from '@gatehouse/tabular/rows'
import { ConnectorError, type ReadChunk, type ReadRequest } from '../connectors/connector.ts'
import { guarded } from '../connectors/guarded.ts'
import { connectorOf, keepsFiles } from '../connectors/kinds.ts'
import { say } from '../connectors/words.ts'
import { limits } from '../schema.ts'
import { openSource } from '../sources/connect.ts'
import { healthFrom } from '../sources/health.ts'
import { keepHealth, uploadsOf } from '../store.ts'
import type { Manifest } from '../table-files/manifest.ts'
import { readManifest, readTable } from '../table-files/read-table.ts'
import type { TableKey } from '../table-files/seal.ts'
import { fileKey } from '../uploads/file-key.ts'
import type { CatalogTable } from './by-reference.ts'

export interface OpenOptions {
  /** Names of the catalogue; the chunks have them in this order. */
  readonly columns: readonly string[]
  readonly where?: Predicate | undefined
  /** In the order of the table's key, so that reading can go on behind a chunk's `after`; where the source can (`resumes`). Slower than without. */
  readonly inKeyOrder?: boolean
  readonly resumeAfter?: readonly (string | number)[] | undefined
  readonly rowsMax: number
  readonly timeMsMax?: number
  readonly signal: AbortSignal
}

export interface OpenedTable {
  readonly chunks: AsyncIterable<ReadChunk>
  readonly schemaVersion: number
  /** What it was read from: `PostgreSQL`, or `upload 3`. */
  readonly server: string
  /** Whether the chunks say behind what reading goes on. */
  readonly resumes: boolean
}

/** A file that was uploaded, for whoever reads table files by themselves (worker threads); `undefined` for a live source. */
export async function uploadedTable(
  node: Node,
  tenant: Id<'tenant'>,
  table: CatalogTable,
): Promise<{ manifest: Manifest; key: TableKey; version: number } | undefined> {
  if (!keepsFiles(table.source.kind)) return undefined
  const [newest] = await node.database.transaction(tenant, (tx) => uploadsOf(tx, table.id, 1))
  if (newest?.file == null) throw new ConnectorError('drifted', say('no_version', { table: table.reference }))
  const key = await fileKey(node, tenant, newest.file)
  const manifest = await readManifest(node.blobs, node.keys.primitives, key)
  if (manifest === undefined) throw new ConnectorError('unreachable', say('file_absent', { table: table.reference }))
  return { manifest, key, version: newest.version }
}

/** @throws ConnectorError, also from the chunks; what the driver complains of becomes the source's health */
export async function openTable(node: Node, tenant: Id<'tenant'>, table: CatalogTable, options: OpenOptions): Promise<OpenedTable> {
  const { columns, where, rowsMax, timeMsMax = limits.readMsMax, signal } = options
  if (table.source.state !== 'active') throw new ConnectorError('refused', say('source_paused', { source: table.source.slug }))
  if (table.gone) throw new ConnectorError('drifted', say('table_not_in_source', { table: table.reference }))
  const unknown = [...columns, ...(where === undefined ? [] : columnsIn(where))].find((name) => !table.columns.some((column) => column.name === name))
  if (unknown !== undefined) throw new ConnectorError('drifted', say('no_column', { table: table.reference, column: unknown }))
  const caps = { table: { name: table.reference, columns: table.columns, key: table.key }, rowsMax, timeMsMax, signal }
  const uploaded = await uploadedTable(node, tenant, table)
  if (uploaded !== undefined) {
    const chunks = guarded(caps, filtered(node, uploaded, table, columns, where), () => {})
    return { chunks, schemaVersion: table.schema_version, server: `upload ${uploaded.version}`, resumes: false }
  }
  const connector = connectorOf(node, table.source.kind)
  const resumes = options.inKeyOrder === true && connector.resumes && table.key.length > 0
  const request: ReadRequest = {
    ...caps,
    table: { name: table.name, columns: table.columns, key: table.key },
    columns,
    where,
    inKeyOrder: resumes,
    resumeAfter: resumes ? options.resumeAfter : undefined,
  }
  return { chunks: live(node, tenant, table, request), schemaVersion: table.schema_version, server: connector.title, resumes }
}

async function* live(node: Node, tenant: Id<'tenant'>, table: CatalogTable, request: ReadRequest): AsyncGenerator<ReadChunk, void, undefined> {
  try {
    const connection = await openSource(node, tenant, table.source)
    try {
      yield* connection.read(request)
    } finally {
      await connection.close()
    }
  } catch (error) {
    // Too many rows are no fault of the source.
    if (error instanceof ConnectorError && (error.code === 'unreachable' || error.code === 'refused' || error.code === 'drifted')) {
      const health = healthFrom(error, instantOf(node.source.nowMs()))
      await node.database.transaction(tenant, (tx) => keepHealth(tx, table.source.id, health))
    }
    throw error
  }
}

async function* filtered(
  node: Node,
  { manifest, key }: { manifest: Manifest; key: TableKey },
  table: CatalogTable,
  columns: readonly string[],
  where: Predicate | undefined,
): AsyncGenerator<ReadChunk, void, undefined> {
  const needed = [...new Set([...columns, ...(where === undefined ? [] : columnsIn(where))])]
  const field = new Map(table.columns.map((column) => [column.name, column.field]))
  for await (const chunk of readTable(node.blobs, node.keys.primitives, key, manifest, needed)) {
    const kept = select(where === undefined ? chunk : keepRows(chunk, maskOf(where, chunk)), columns)
    // What people have said of a column since the file was written counts.
    yield { ...kept, columns: kept.columns.map((column) => ({ ...column, field: { ...column.field, ...field.get(column.field.name) } })) }
  }
}
