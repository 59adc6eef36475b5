import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import { deliveryKeptDays } from './schema.ts'
import { forgetDeliveries } from './store.ts'

/** Deliveries are working papers: the acts they tell of are in the log. */
export const tidyLoop: Loop = {
  name: 'webhooks.tidy',
  idleMs: 60 * 60_000,
  async run(node) {
    await node.database.transaction('node', (tx) => forgetDeliveries(tx, addSeconds(instantOf(node.source.nowMs()), -deliveryKeptDays * 86_400)))
    return false
  },
}
