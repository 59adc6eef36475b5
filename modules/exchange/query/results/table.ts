/** The rows of a result, as they lie sealed in the object store under the key of the result. */
import type { Id } from '@gatehouse/core/id'
import type { Node } from '@gatehouse/runtime/door/node'
import { type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import type { SourceValue } from '@gatehouse/tabular/value'
import { type Manifest, readManifest, readTable, type TableKey, tableKey } from '../../../custody/catalog/index.ts'
import { keyOf } from '../keys.ts'
import type { ResultRow } from './store.ts'

export const resultFile = (tenant: Id<'tenant'>, result: Id<'query_result'>): string => `results/${tenant}/${result}`

export interface OpenResult {
  readonly key: TableKey
  readonly manifest: Manifest
}

/** @returns undefined where the key is destroyed or the object is gone */
export async function openResult(node: Node, tenant: Id<'tenant'>, row: Pick<ResultRow, 'id' | 'kek_version' | 'wrapped'>): Promise<OpenResult | undefined> {
  const secret = await keyOf(node, tenant, 'result', row)
  if (secret === undefined) return undefined
  const key = tableKey(tenant, resultFile(tenant, row.id), secret)
  const manifest = await readManifest(node.blobs, node.keys.primitives, key)
  return manifest && { key, manifest }
}

export const namesOf = ({ manifest }: OpenResult): string[] => manifest.fields.map(({ name }) => name)

/** Chunk by chunk, from the chunk that holds the row `from`; with where in the whole the first row of each stands. */
export async function* chunksOf(
  node: Node,
  { key, manifest }: OpenResult,
  columns: readonly string[],
  from = 0,
): AsyncGenerator<{ readonly first: number; readonly data: Dataset }, void, undefined> {
  let first = 0
  let skipped = 0
  for (const { rows } of manifest.chunks) {
    if (first + rows > from) break
    first += rows
    skipped++
  }
  for await (const data of readTable(node.blobs, node.keys.primitives, key, manifest, columns, skipped)) {
    yield { first, data }
    first += data.rowCount
  }
}

export type Row = Readonly<Record<string, SourceValue>>

/** Rows `from` up to but not including `to`. */
export async function rowsBetween(node: Node, open: OpenResult, columns: readonly string[], from: number, to: number): Promise<Row[]> {
  const rows: Row[] = []
  if (to <= from) return rows
  for await (const { first, data } of chunksOf(node, open, columns, from)) {
    for (let at = Math.max(0, from - first); at < data.rowCount && first + at < to; at++) rows.push(rowAt(data, at))
    if (first + data.rowCount >= to) break
  }
  return rows
}

export const rowAt = (data: Dataset, at: number): Row => Object.fromEntries(data.columns.map((column) => [column.field.name, valueAt(column, at)]))

/** All rows and columns, chunk by chunk. */
export async function* dataOf(node: Node, open: OpenResult): AsyncGenerator<Dataset, void, undefined> {
  for await (const { data } of chunksOf(node, open, namesOf(open))) yield data
}
