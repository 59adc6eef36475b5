import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { entryOf } from './entry.ts'
import type { EntryBody } from './schema.ts'
import { listEntries } from './store.ts'

/**
 * The refused acts of a type that concern a partner, newest first. The entries tell more than the partner was answered: whoever shows them to a
 * partner takes from them only what may be known.
 */
export async function refusedActs(
  tx: Tx,
  {
    type,
    partner,
    before,
    limit,
  }: { readonly type: string; readonly partner: Id<'partner'>; readonly before?: Id<'entry'> | undefined; readonly limit: number },
): Promise<EntryBody[]> {
  const rows = await listEntries(tx, { type, partner, decision: 'deny' }, { cursor: before, order: 'desc', limit })
  return rows.map((row) => entryOf(row).body)
}
