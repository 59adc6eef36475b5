import { type Id, newId } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import { appendEntry } from '../../ledger/index.ts'

/** An entry about what the node does by itself, where there is no operation whose door would write one. */
export async function ownEntry(tx: Tx, node: Node, tenant: Id<'tenant'>, type: string, facts: AuditFacts): Promise<void> {
  await appendEntry(
    tx,
    { id: newId<'entry'>(node.source), tenant, type, at: instantOf(node.source.nowMs()), actor: { kind: 'system', id: 'identity' }, facts },
    node,
  )
}
