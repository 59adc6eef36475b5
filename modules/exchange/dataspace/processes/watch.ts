/**
 * A transfer outlives no agreement. The rule is asked about each that goes on, by the clock and when partners or policies change; what it says then
 * is done by a job. Beside that, messages that nobody tries any more are taken up again, and fetchings that broke off are closed.
 */
import type { Id } from '@gatehouse/core/id'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Loop, Subscription } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { limits, proceedQueue } from '../schema.ts'
import { ruleOf } from './rule.ts'
import { breakPulls, goingOn, type ProcessRow, staleMessages, startedTransfers } from './store.ts'

const perTurn = 500
const staleSeconds = 600

async function recheck(node: Node, tenant: Id<'tenant'>, processes: readonly ProcessRow[], tx: Tx): Promise<void> {
  const now = instantOf(node.source.nowMs())
  for (const process of processes) {
    const { step } = await ruleOf(node)({ tx, node, now }, process)
    if (step !== 'wait') await node.queue.enqueue(tx, proceedQueue, { tenant, process: process.id }, { singletonKey: process.id })
  }
}

export const watch: Loop = {
  name: 'dataspace.watch',
  idleMs: 5_000,
  async run(node) {
    const now = instantOf(node.source.nowMs())
    const { found, stale } = await node.database.transaction('node', async (tx) => {
      await breakPulls(tx, addSeconds(now, -limits.pullMinutes * 60), now)
      return {
        found: await goingOn(tx, addSeconds(now, -limits.idleDays * 86_400), perTurn),
        stale: await staleMessages(tx, addSeconds(now, -staleSeconds), perTurn),
      }
    })
    for (const tenant of new Set(found.map(({ tenant_id }) => tenant_id))) {
      const own = found.filter(({ tenant_id }) => tenant_id === tenant)
      await node.database.transaction(tenant, (tx) => recheck(node, tenant, own, tx))
    }
    for (const { tenant_id: tenant, process_id: process } of stale) {
      await node.database.transaction(tenant, (tx) => node.queue.enqueue(tx, proceedQueue, { tenant, process }, { singletonKey: process }))
    }
    return false
  },
}

export const recheckOnChange: Subscription = {
  consumer: 'dataspace',
  types: ['partners.changed', 'policies.published', 'policies.retired'],
  async handle(node, tenant) {
    await node.database.transaction(tenant, async (tx) => recheck(node, tenant, await startedTransfers(tx), tx))
  },
}
