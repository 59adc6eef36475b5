/** What the exchange does by itself, by the clock or because something else has changed, has its entry as an act of somebody has. */
import type { Id } from '@gatehouse/core/id'
import type { Moment } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { recordOwnAct } from '../../ledger/index.ts'

export const ownActs = (node: Node, moment: Moment, tenant: Id<'tenant'>): Pick<ActContext, 'record'> => ({
  record: (tx, type, facts, events = []) => recordOwnAct(tx, node, { tenant, by: 'exchange', type, facts, events }, moment),
})
