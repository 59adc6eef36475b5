import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import { forgetLetters } from './letters/store.ts'
import { forgetReplays } from './replays/store.ts'
import { alertKeptDays, letterKeptDays, replayKeptDays } from './schema.ts'
import { forgetStatesAndAlerts } from './store.ts'

const day = 86_400

/** What has no more to say goes. A state stays an hour beyond its end, for entries that find their place late. */
export const tidyLoop: Loop = {
  name: 'monitoring.tidy',
  idleMs: 60 * 60_000,
  async run(node) {
    const now = instantOf(node.source.nowMs())
    await node.database.transaction('node', (tx) =>
      Promise.all([
        forgetStatesAndAlerts(tx, { states: addSeconds(now, -3_600), alerts: addSeconds(now, -alertKeptDays * day) }),
        forgetLetters(tx, addSeconds(now, -letterKeptDays * day)),
        forgetReplays(tx, addSeconds(now, -replayKeptDays * day)),
      ]),
    )
    return false
  },
}
