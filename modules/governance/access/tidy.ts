import { instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import { dropEnded } from './store.ts'

const dayMs = 86_400_000
const rowsAtOnce = 1_000

/** Takes away relationships that ended more than a day ago. They have granted nothing since their end, so no revision is needed. */
export const tidyLoop: Loop = {
  name: 'access/tidy',
  idleMs: 600_000,
  run: async ({ database, source }) =>
    (await database.transaction('node', (tx) => dropEnded(tx, instantOf(source.nowMs() - dayMs), rowsAtOnce))) === rowsAtOnce,
}
