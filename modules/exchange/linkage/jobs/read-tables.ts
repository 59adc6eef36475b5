/** What a link job reads: the columns that tell people apart and the key, under the names of what they mean. */
import type { Id } from '@gatehouse/core/id'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { tellingMeanings } from '@gatehouse/linkage/draft/draft-model'
import type { Node } from '@gatehouse/runtime/door/node'
import { type Column, type Dataset, datasetBuilder, valueAt } from '@gatehouse/tabular/dataset'
import type { Field, Semantic } from '@gatehouse/tabular/field'
import { type CatalogTable, openTable } from '../../../custody/catalog/index.ts'
import type { Excluded } from '../excluded.ts'
import type { TableToLink } from './link-tables.ts'
import { limits } from './schema.ts'

const telling: ReadonlySet<Semantic> = new Set(tellingMeanings)

/** The columns that are compared, by what they mean; the first of each meaning. */
export function meaningsOf(table: CatalogTable): ReadonlyMap<Semantic, CatalogTable['columns'][number]> {
  const found = new Map<Semantic, CatalogTable['columns'][number]>()
  for (const column of table.columns)
    if (column.semantic !== undefined && telling.has(column.semantic) && !found.has(column.semantic)) found.set(column.semantic, column)
  return found
}

/** In which order the numbers of dates of birth stand, where somebody has said so. */
export const dateOrderOf = (table: CatalogTable) => meaningsOf(table).get('date_of_birth')?.date_order

/** @throws ConnectorError */
export async function readForLinking(
  node: Node,
  tenant: Id<'tenant'>,
  table: CatalogTable,
  excluded: Excluded | undefined,
  signal: AbortSignal,
): Promise<TableToLink> {
  const meanings = meaningsOf(table)
  const subject = table.columns.find(({ identifier_role }) => identifier_role === 'subject')?.name
  const compared = [...meanings].map(([semantic, { name, field }]) => ({ from: name, field: { ...field, name: semantic, semantic } }))
  // A key's own name may be a meaning's; it is put apart.
  const keys = table.key.map((name, index) => ({ from: name, field: { ...fieldOf(table, name), name: `key_${index + 1}` } }))
  const wanted = [...compared, ...keys]
  const columns = [...new Set([...wanted.map(({ from }) => from), ...(subject === undefined ? [] : [subject])])]
  const leftOut = await excludedRows(node, tenant, table, subject, excluded, signal)
  const builder = datasetBuilder(wanted.map(({ field }) => field))
  const { chunks } = await openTable(node, tenant, table, { columns, rowsMax: limits.rowsMax, timeMsMax: limits.readMsMax, signal })
  for await (const chunk of chunks) {
    const people = columnNamed(chunk, subject)
    const read = wanted.map(({ from, field }) => [field.name, columnNamed(chunk, from)] as const)
    for (let row = 0; row < chunk.rowCount; row++) {
      if (people !== undefined && leftOut.has(String(valueAt(people, row)))) continue
      builder.add(Object.fromEntries(read.map(([name, column]) => [name, column === undefined ? null : valueAt(column, row)])))
    }
  }
  const data = builder.build()
  return { reference: table.reference, data, key: keys.length > 0 ? keys.map(({ field }) => field.name) : compared.map(({ field }) => field.name) }
}

function fieldOf(table: CatalogTable, name: string): Field {
  const found = table.columns.find((column) => column.name === name)
  if (found === undefined) throw new RangeError(`${table.reference} has no column ${name}, which is its key`)
  const { semantic: _, ...field } = found.field
  return field
}

const columnNamed = (chunk: Dataset, name: string | undefined): Column | undefined => chunk.columns.find(({ field }) => field.name === name)

/** Who is left out is known before anything else of them is read: the subjects alone are looked through first. */
async function excludedRows(
  node: Node,
  tenant: Id<'tenant'>,
  table: CatalogTable,
  subject: string | undefined,
  excluded: Excluded | undefined,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  if (subject === undefined || excluded === undefined) return found
  const { hmacSha256 } = node.keys.primitives
  const { chunks } = await openTable(node, tenant, table, { columns: [subject], rowsMax: limits.rowsMax, timeMsMax: limits.readMsMax, signal })
  for await (const chunk of chunks) {
    const column = columnNamed(chunk, subject)
    for (let row = 0; column !== undefined && row < chunk.rowCount; row++) {
      const id = String(valueAt(column, row) ?? '')
      if (excluded.digests.has(toHex(hmacSha256(excluded.key, utf8(id))))) found.add(id)
    }
  }
  return found
}
