/** The log as a module above follows it: from its own place on, inside the transaction in which it keeps that place. */
import type { Tx } from '@gatehouse/runtime/data/db'
import { bodyText } from './entry.ts'
import type { EntryBody } from './schema.ts'
import { entriesOfTypes, readHead } from './store.ts'

export interface PlacedBody {
  readonly index: number
  readonly body: EntryBody
}

/**
 * The entries of the given types among the next `limit` places of the log.
 * @returns `next`, the place to go on from; it is `from` at the end of the log, and also for a reader that is ahead of a log
 * which was restored from a backup
 */
export async function readStretch(tx: Tx, types: readonly string[], from: number, limit: number): Promise<{ next: number; entries: PlacedBody[] }> {
  // The head first: what is read after it may be newer and then has to be left out.
  const [head, found] = await Promise.all([readHead(tx), entriesOfTypes(tx, types, from, from + limit)])
  const next = Math.max(from, Math.min(head?.size ?? 0, from + limit))
  return {
    next,
    entries: found.filter(({ index }) => index < next).map(({ index, body }) => ({ index, body: JSON.parse(bodyText(body)) as EntryBody })),
  }
}
