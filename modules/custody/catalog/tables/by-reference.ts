/** A table of the catalogue as plans and projects name it. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Field } from '@gatehouse/tabular/field'
import type { CatalogColumn } from '../schema.ts'
import { findByReference, type SourceRow, searchTableRows, type TableRow } from '../store.ts'

export interface CatalogTable extends Pick<TableRow, 'key' | 'rows' | 'floor' | 'title' | 'description' | 'schema_version' | 'gone' | 'name'> {
  readonly id: Id<'table'>
  readonly reference: string
  readonly source: Pick<SourceRow, 'id' | 'slug' | 'kind' | 'state' | 'health' | 'settings'>
  readonly columns: readonly (CatalogColumn & { readonly field: Field })[]
  readonly references: TableRow['refers']
}

export function fieldOf({ name, type, semantic, sensitivity, nullable, description }: CatalogColumn): Field {
  return {
    name,
    type,
    ...(semantic === undefined ? {} : { semantic }),
    sensitivity,
    nullable,
    ...(description === undefined ? {} : { description }),
  }
}

/** `undefined` where nothing is called so: whoever asks says the same for a table that they may not know of. */
export async function tableByReference(tx: Tx, reference: string): Promise<CatalogTable | undefined> {
  const [source, table, ...more] = reference.split('.')
  if (source === undefined || table === undefined || more.length > 0) return undefined
  const found = await findByReference(tx, source, table)
  if (found === undefined) return undefined
  return tableFrom(found.source, found.table)
}

/**
 * Tables that can be worked with, in the order of their references, a page behind `after`.
 * @param known tables whose columns are searched too: a search must not tell what the columns of others are
 */
export async function searchTables(
  tx: Tx,
  {
    search,
    known,
    after,
    limit,
  }: { readonly search: string | undefined; readonly known: readonly string[]; readonly after: string | undefined; readonly limit: number },
): Promise<CatalogTable[]> {
  const text = search?.trim().toLowerCase()
  const rows = await searchTableRows(tx, { text: text === '' ? undefined : text, known }, after, limit)
  return rows.map(({ source, table }) => tableFrom(source, table))
}

function tableFrom({ id, slug, kind, state, health, settings }: SourceRow, { columns, refers, ...row }: TableRow): CatalogTable {
  return {
    ...row,
    reference: `${slug}.${row.slug}`,
    source: { id, slug, kind, state, health, settings },
    columns: columns.map((column) => ({ ...column, field: fieldOf(column) })),
    references: refers,
  }
}
