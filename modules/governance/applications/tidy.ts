import { instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import { forgetArtifacts } from './store.ts'

/** Removes codes, tokens and proofs that time has ended; they are refused before that too. */
export const tidyLoop: Loop = {
  name: 'applications.tidy',
  idleMs: 10 * 60_000,
  async run(node) {
    await node.database.transaction('node', (tx) => forgetArtifacts(tx, instantOf(node.source.nowMs())))
    return false
  },
}
