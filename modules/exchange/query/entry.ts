/** What the exchange does by itself, by the clock or because something else has changed, has its entry as an act of somebody has. */
import type { Id } from '@gatehouse/core/id'
import type { Moment } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { publish } from '@gatehouse/runtime/work/outbox'
import { appendEntry } from '../../ledger/index.ts'

export const ownActs = (node: Node, moment: Moment, tenant: Id<'tenant'>): Pick<ActContext, 'record'> => ({
  async record(tx, type, facts, events = []) {
    const id = moment.newId<'entry'>()
    await appendEntry(tx, { id, tenant, type, at: moment.now, actor: { kind: 'system', id: 'exchange' }, facts }, node)
    await publish(tx, moment, tenant, id, events)
    return id
  },
})
