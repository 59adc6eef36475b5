/** How the node is, in numbers that tell nothing of what it keeps: they go to whoever runs the mailbox. */
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { currentCheckpoint } from '../../../ledger/index.ts'
import type { Health } from '../../coordinator/index.ts'
import { openCounts } from '../messages/store.ts'

export async function healthOf(tx: Tx, { about, source }: Node): Promise<Health> {
  const [counts, head] = [await openCounts(tx), await currentCheckpoint(tx)]
  return {
    version: about.version,
    uptime_seconds: Math.max(0, Math.floor((source.nowMs() - about.startedMs) / 1000)),
    ...counts,
    ledger_size: head?.size ?? 0,
    ledger_root: head === undefined ? null : Buffer.from(head.root).toString('hex'),
  }
}
