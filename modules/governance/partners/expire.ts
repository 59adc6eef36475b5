/**
 * At its date a partner's standing ends. Every step that gives something looks at the date itself; here the end is written down, with
 * an entry and the event by which grants are cancelled and others are told.
 */
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import { recordOwnAct } from '../../ledger/index.ts'
import { forgetPartner } from './current.ts'
import { changedEvent } from './events.ts'
import { standingOf } from './status.ts'
import { duePartners, lockPartner, lockStanding, updatePartner } from './store.ts'

const partnersAtOnce = 100

export const expireDue: Loop = {
  name: 'partners.expire',
  idleMs: 500,
  async run(node) {
    const moment = momentOf(node.source)
    const due = await node.database.transaction('node', (tx) => duePartners(tx, moment.now, partnersAtOnce))
    for (const { tenant_id: tenant, id } of due) {
      await node.database.transaction(tenant, async (tx) => {
        const row = await lockPartner(tx, id)
        // Another process was faster, or somebody gave it a later date.
        if (row === undefined || row.status !== 'active' || standingOf(row, moment.now) !== 'expired') return
        await lockStanding(tx, id)
        const partner = { ...row, status: 'expired' as const, reason: null }
        await updatePartner(tx, partner)
        forgetPartner(node, tx, partner)
        const facts = { partner: id, object: { kind: 'partner', id }, details: { status: partner.status } }
        await recordOwnAct(tx, node, { tenant, by: 'partners', type: 'partners.expire', facts, events: [changedEvent(partner, 'expired')] }, moment)
      })
    }
    return due.length === partnersAtOnce
  },
}
