/** Runs that wait, whose source is to be tried again, or whose process has been silent: each is put into the queue. */
import { addSeconds } from '@gatehouse/core/instant'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import { handedSeconds, handOutMax, runQueue, silentSeconds } from './queue.ts'
import { idleRuns } from './store.ts'

export const handOutRuns: Loop = {
  name: 'query.hand_out',
  idleMs: 2_000,
  async run(node) {
    const { now } = momentOf(node.source)
    const idle = await node.database.transaction('node', (tx) =>
      idleRuns(tx, now, addSeconds(now, -silentSeconds), addSeconds(now, -handedSeconds), handOutMax),
    )
    for (const { tenant_id: tenant, id: run } of idle) {
      await node.database.transaction(tenant, (tx) => node.queue.enqueue(tx, runQueue, { tenant, run }, { singletonKey: run }))
    }
    return false
  },
}
