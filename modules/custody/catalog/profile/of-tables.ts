import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { CatalogTable } from '../tables/by-reference.ts'
import type { Profile } from './schema.ts'
import { profileRows } from './store.ts'

/** What may be told of each table's values; none of one that was not measured since its columns or its floor changed. */
export async function profilesOf(tx: Tx, tables: readonly Pick<CatalogTable, 'id' | 'schema_version' | 'floor'>[]): Promise<ReadonlyMap<Id<'table'>, Profile>> {
  const rows = await profileRows(
    tx,
    tables.map(({ id }) => id),
  )
  return new Map(
    tables.flatMap(({ id, schema_version, floor }) => {
      const row = rows.get(id)
      return row === undefined || row.schema_version !== schema_version || row.profile.floor < floor ? [] : [[id, row.profile] as const]
    }),
  )
}
