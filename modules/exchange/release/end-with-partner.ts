/**
 * The grants of a partner end with its standing. None opens anything from the commit of the change on, since redeeming looks at the
 * standing itself; here they are closed, each with an entry, and whoever listens is told.
 */
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Subscription } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { inGoodStanding, partnerById } from '../../governance/partners/index.ts'
import { recordOwnAct } from '../../ledger/index.ts'
import { cancelGrantsOf } from './store.ts'

const grantsAtOnce = 200

export const endWithPartner: Subscription = {
  consumer: 'release.partners',
  types: ['partners.changed'],
  async handle(node, tenant, events) {
    for (const partner of new Set(events.map(({ data }) => data.partner as Id<'partner'>))) {
      let more = true
      while (more) more = (await cancelSome(node, tenant, partner)) === grantsAtOnce
    }
  },
}

async function cancelSome(node: Node, tenant: Id<'tenant'>, partner: Id<'partner'>): Promise<number> {
  const moment = momentOf(node.source)
  return node.database.transaction(tenant, async (tx) => {
    // As it stands now: an event may be heard late, or twice.
    if (inGoodStanding(await partnerById(tx, partner), moment.now)) return 0
    const cancelled = await cancelGrantsOf(tx, partner, moment.now, grantsAtOnce)
    for (const { id } of cancelled) {
      const facts = { partner, object: { kind: 'release', id }, details: { reasons: ['partner_not_active'] } }
      const events = [{ type: 'release.cancelled', subject: id, data: { release: id, partner } }]
      await recordOwnAct(tx, node, { tenant, by: 'release', type: 'release.cancel', facts, events }, moment)
    }
    return cancelled.length
  })
}
