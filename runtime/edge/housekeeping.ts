/** The runtime's own tidying: answers kept for repeated requests are forgotten after a day. */
import { instantOf } from '@gatehouse/core/instant'
import { forgetOldKeys, idempotencyHours } from '../door/idempotency.ts'
import type { Loop } from '../door/module.ts'

const hourMs = 3_600_000

export function housekeeping(): Loop {
  let nextMs = 0
  return {
    name: 'housekeeping',
    idleMs: 60_000,
    async run(node) {
      const nowMs = node.source.nowMs()
      if (nowMs < nextMs) return false
      nextMs = nowMs + hourMs
      await node.database.transaction('node', (tx) => forgetOldKeys(tx, instantOf(nowMs - idempotencyHours * hourMs)))
      return false
    },
  }
}
