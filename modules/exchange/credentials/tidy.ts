import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import { shownKeptSeconds } from './schema.ts'
import { blankShown, forgetOffers } from './store.ts'

/** Claims that were shown, and offers nobody can use any more. */
export const tidyLoop: Loop = {
  name: 'credentials.tidy',
  idleMs: 10 * 60_000,
  async run(node) {
    const before = addSeconds(instantOf(node.source.nowMs()), -shownKeptSeconds)
    await node.database.transaction('node', async (tx) => {
      await blankShown(tx, before)
      await forgetOffers(tx, before)
    })
    return false
  },
}
