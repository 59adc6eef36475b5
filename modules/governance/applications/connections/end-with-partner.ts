/**
 * What people connected with a partner's applications ends with the partner's standing. A suspended partner's connections rest: its
 * applications open nothing, and it goes on where it was when it is active again.
 */
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Subscription } from '@gatehouse/runtime/door/module'
import { recordOwnAct } from '../../../ledger/index.ts'
import { partnerById, standingOf } from '../../partners/index.ts'
import { endConnections } from '../store.ts'

export const endWithPartner: Subscription = {
  consumer: 'applications.partners',
  types: ['partners.changed'],
  async handle(node, tenant, events) {
    const moment = momentOf(node.source)
    for (const partner of new Set(events.map(({ data }) => data.partner as Id<'partner'>))) {
      await node.database.transaction(tenant, async (tx) => {
        const found = await partnerById(tx, partner)
        // As it stands now: an event may be heard late, or twice.
        if (found === undefined || ['active', 'suspended'].includes(standingOf(found, moment.now))) return
        for (const connection of await endConnections(tx, tenant, { partner }, moment.now)) {
          const facts = { partner, object: { kind: 'connection', id: connection } }
          const events = [{ type: 'applications.disconnected', subject: connection, data: { connection } }]
          await recordOwnAct(tx, node, { tenant, by: 'applications', type: 'applications.disconnect', facts, events }, moment)
        }
      })
    }
  },
}
