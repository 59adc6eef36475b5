import type { Tx } from '@gatehouse/runtime/data/db'
import type { AuditEntry } from '@gatehouse/runtime/door/audit'
import type { Node } from '@gatehouse/runtime/door/node'
import { entryBody } from './body.ts'
import { insertEntry } from './store.ts'

/**
 * Writes an entry in the act's own transaction: it exists exactly if the act does. Its place in the log follows from the
 * sequencer. One statement, for every act pays for it.
 */
export async function appendEntry(tx: Tx, entry: AuditEntry, _node: Node): Promise<void> {
  await insertEntry(tx, entry, entryBody(entry))
}
