/** A table of the catalogue as plans and projects name it. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Field } from '@gatehouse/tabular/field'
import type { CatalogColumn } from '../schema.ts'
import { findByReference, type SourceRow, type TableRow } from '../store.ts'

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
  const { id, slug, kind, state, health, settings } = found.source
  const { columns, refers, ...row } = found.table
  return {
    ...row,
    reference,
    source: { id, slug, kind, state, health, settings },
    columns: columns.map((column) => ({ ...column, field: fieldOf(column) })),
    references: refers,
  }
}
