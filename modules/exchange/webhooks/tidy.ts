import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import { deliveryKeptDays } from './schema.ts'
import { forgetDeliveries } from './store.ts'

const idleMs = 60 * 60_000
const schedule = () => ({ nextMs: 0 })

/** Deliveries are working papers: the acts they tell of are in the log. Every commit wakes a loop, so this one looks at the time. */
export const tidyLoop: Loop = {
  name: 'webhooks.tidy',
  idleMs,
  async run(node) {
    const next = node.of(schedule)
    const nowMs = node.source.nowMs()
    if (nowMs < next.nextMs) return false
    next.nextMs = nowMs + idleMs
    await node.database.transaction('node', (tx) => forgetDeliveries(tx, addSeconds(instantOf(nowMs), -deliveryKeptDays * 86_400)))
    return false
  },
}
