import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { AuditFacts, StepsContext } from '@gatehouse/runtime/door/operation'
import { appendEntry } from '../../ledger/index.ts'

/**
 * An entry that goes into proof files. The node is its actor, whoever asked: a file whose publication was brought about by the
 * person's own request must not say so.
 */
export async function recordAsNode(ctx: StepsContext, tx: Tx, type: string, facts: AuditFacts, at = ctx.now): Promise<Id<'entry'>> {
  const id = ctx.newId<'entry'>()
  await appendEntry(tx, { id, tenant: ctx.tenant, type, at, actor: { kind: 'system', id: 'proofs' }, facts }, ctx.node)
  return id
}
