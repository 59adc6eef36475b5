/** The runtime's own tidying: answers kept for repeated requests are forgotten after a day. */
import { instantOf } from '@gatehouse/core/instant'
import { forgetOldKeys, idempotencyHours } from '../door/idempotency.ts'
import type { Loop } from '../door/module.ts'

const hourMs = 3_600_000

export const housekeeping: Loop = {
  name: 'housekeeping',
  idleMs: hourMs,
  async run({ database, source }) {
    await database.transaction('node', (tx) => forgetOldKeys(tx, instantOf(source.nowMs() - idempotencyHours * hourMs)))
    return false
  },
}
