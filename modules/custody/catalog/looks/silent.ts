import { addSeconds } from '@gatehouse/core/instant'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import { silentSeconds } from './schema.ts'
import { endSilentLooks } from './store.ts'

/** A look whose process was killed changed nothing of the catalogue: its end is told, and whoever wants begins another. */
export const endSilent: Loop = {
  name: 'catalog.silent_looks',
  idleMs: 5_000,
  async run(node) {
    const { now } = momentOf(node.source)
    await node.database.transaction('node', (tx) => endSilentLooks(tx, addSeconds(now, -silentSeconds), now))
    return false
  },
}
