import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import { shownKeptSeconds } from './schema.ts'
import { blankShown, forgetOffers } from './store.ts'

const idleMs = 10 * 60_000
const schedule = () => ({ nextMs: 0 })

/** Claims that were shown, and offers nobody can use any more. Every commit wakes a loop, so this one looks at the time. */
export const tidyLoop: Loop = {
  name: 'credentials.tidy',
  idleMs,
  async run(node) {
    const next = node.of(schedule)
    const nowMs = node.source.nowMs()
    if (nowMs < next.nextMs) return false
    next.nextMs = nowMs + idleMs
    const before = addSeconds(instantOf(nowMs), -shownKeptSeconds)
    await node.database.transaction('node', async (tx) => {
      await blankShown(tx, before)
      await forgetOffers(tx, before)
    })
    return false
  },
}
