/** The log piece by piece, each read in a short transaction of its own: no length of it holds one open or fills the memory. */
import type { Id } from '@gatehouse/core/id'
import type { Node } from '@gatehouse/runtime/door/node'
import { type EntryFilter, readAheadMax } from './schema.ts'
import { integratedEntries, type PlacedEntry, readHead } from './store.ts'

export function logSize(node: Node, tenant: Id<'tenant'>): Promise<number> {
  return node.database.transaction(tenant, async (tx) => (await readHead(tx))?.size ?? 0)
}

/** The entries from index `from` up to and without `to` that fit the filter, in the log's order. */
export async function* stretches(node: Node, tenant: Id<'tenant'>, filter: EntryFilter, from: number, to: number): AsyncGenerator<PlacedEntry> {
  for (let at = from; at < to; at += readAheadMax) {
    const end = Math.min(to, at + readAheadMax)
    yield* await node.database.transaction(tenant, (tx) => integratedEntries(tx, filter, at, end))
  }
}
