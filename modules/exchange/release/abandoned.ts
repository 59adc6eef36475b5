/**
 * A process that is killed between the commit of a redemption and its last byte leaves a spent grant that nobody closes. Nobody
 * knows what arrived, so it counts as undelivered, with an entry of its own.
 */
import { instantOf } from '@gatehouse/core/instant'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import { recordOwnAct } from '../../ledger/index.ts'
import { deliveriesMax } from './deliver.ts'
import { abandonedGrants, closeSpent } from './store.ts'

/** Longer than the longest time that the exchange gives an answer to leave. */
const abandonedAfterMs = 120_000

/** A token lives a day at most; a node that was down for longer than the rest of the week leaves older ones open. */
const lookBackMs = 8 * 86_400_000

export const closeAbandoned: Loop = {
  name: 'release.abandoned',
  idleMs: 30_000,
  async run(node) {
    const moment = momentOf(node.source)
    const found = await node.database.transaction('node', (tx) =>
      abandonedGrants(tx, { issuedSince: instantOf(moment.nowMs - lookBackMs), spentBefore: instantOf(moment.nowMs - abandonedAfterMs) }, deliveriesMax),
    )
    for (const tenant of new Set(found.map((grant) => grant.tenant_id))) {
      const lost = found.filter((grant) => grant.tenant_id === tenant).map(({ id }) => ({ release: id, complete: false, bytes: 0 }))
      await node.database.transaction(tenant, async (tx) => {
        const closed = await closeSpent(tx, lost, moment.now)
        for (const { id, partner_id, purpose } of closed) {
          const facts = { partner: partner_id, purpose, object: { kind: 'release', id }, details: { delivered: false, bytes: 0, abandoned: true } }
          await recordOwnAct(tx, node, { tenant, by: 'exchange', type: 'release.deliver', facts }, moment)
        }
      })
    }
    return found.length === deliveriesMax
  },
}
