import type { Id } from '@gatehouse/core/id'
import { type Moment, momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import { type NewEvent, publish } from '@gatehouse/runtime/work/outbox'
import { appendEntry } from './append.ts'

export interface OwnAct {
  readonly tenant: Id<'tenant'>
  /** What acts: the module. */
  readonly by: string
  readonly type: string
  readonly facts: AuditFacts
  readonly events?: readonly NewEvent[]
}

/**
 * What a module does by itself, by the clock or because something else has changed, has its entry as an act of somebody has, and tells of
 * it in the same way. Acts that somebody asked for have theirs from the door.
 * @param moment of the whole act; now, where it has none
 */
export async function recordOwnAct(tx: Tx, node: Node, act: OwnAct, moment: Moment = momentOf(node.source)): Promise<Id<'entry'>> {
  const { tenant, by, type, facts, events = [] } = act
  const id = moment.newId<'entry'>()
  await appendEntry(tx, { id, tenant, type, at: moment.now, actor: { kind: 'system', id: by }, facts }, node)
  await publish(tx, moment, tenant, id, events)
  return id
}
