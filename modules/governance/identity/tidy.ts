import { instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import { forgetExpired } from './store.ts'

/** Removes sessions, invitations, proofs and counters that time has ended; they are refused before that too. */
export const tidyLoop: Loop = {
  name: 'identity.tidy',
  idleMs: 10 * 60_000,
  async run(node) {
    await node.database.transaction('node', (tx) => forgetExpired(tx, instantOf(node.source.nowMs())))
    return false
  },
}
