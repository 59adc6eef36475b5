/** An answer that nobody has opened within its hour is kept for nobody. */
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import { closeOver } from './store.ts'

export const forgetAnswers: Loop = {
  name: 'query.forget_answers',
  idleMs: 60_000,
  async run(node) {
    await node.database.transaction('node', (tx) => closeOver(tx, momentOf(node.source).now))
    return false
  },
}
