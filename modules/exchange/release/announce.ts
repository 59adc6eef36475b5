/** What the node does with releases by itself, when something else has ended: an entry of its own and the event that tells of it. */
import type { Id } from '@gatehouse/core/id'
import type { Moment } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { type NewEvent, publish } from '@gatehouse/runtime/work/outbox'
import { appendEntry } from '../../ledger/index.ts'

export async function announce(
  tx: Tx,
  node: Node,
  tenant: Id<'tenant'>,
  moment: Moment,
  type: string,
  facts: Parameters<typeof appendEntry>[1]['facts'],
  event: NewEvent,
): Promise<void> {
  const id = moment.newId<'entry'>()
  await appendEntry(tx, { id, tenant, type, at: moment.now, actor: { kind: 'system', id: 'release' }, facts }, node)
  await publish(tx, moment, tenant, id, [event])
}
