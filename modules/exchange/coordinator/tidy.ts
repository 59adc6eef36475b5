import { instantOf } from '@gatehouse/core/instant'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import { deleteObjects } from './mailbox/attachments.ts'
import { idleMs } from './schema.ts'
import { deleteExpired } from './store.ts'

const partsPerTurn = 500

/** What nobody came for in time goes; the node that sent it knows the time, too. */
export const tidyLoop: Loop = {
  name: 'coordinator.tidy',
  idleMs,
  async run(node) {
    const { parts } = await node.database.transaction(nodeTenant, (tx) => deleteExpired(tx, instantOf(node.source.nowMs()), partsPerTurn))
    await deleteObjects(node.blobs, parts)
    return parts.length === partsPerTurn
  },
}
