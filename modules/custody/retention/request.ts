/** Asking for an erasure, whoever asks: staff on the person's word, the person, or the end of a retention time. */
import { fromHex } from '@gatehouse/crypto/bytes'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import type { Subject } from '../../subjects/index.ts'
import { erasureFacts, personFacts } from './facts.ts'
import { retentionProblems } from './problems.ts'
import type { Ground } from './schema.ts'
import { type ErasureRow, findErasure, insertErasure } from './store.ts'

/** Nothing is destroyed by it: two people approve first. The caller has made sure that it may speak for this person. */
export async function requestErasure(
  ctx: TransactionContext,
  subject: Subject,
  { ground, reference }: { readonly ground: Ground; readonly reference?: string | undefined },
): Promise<ErasureRow | Refusal> {
  const id = ctx.newId<'erasure'>()
  const commitment = fromHex(subject.commitment)
  if (commitment === undefined) throw new TypeError('a commitment is text in hex')
  const inserted = await insertErasure(ctx.tx, {
    id,
    subject: subject.id,
    commitment,
    state: 'requested',
    ground,
    reference,
    requestedBy: ctx.principal.id,
    requestedAt: ctx.now,
  })
  if (!inserted) return refuse(retentionProblems.being_erased, undefined, personFacts(subject))
  const row = await findErasure(ctx.tx, id)
  if (row === undefined) throw new Error('an erasure was written and cannot be read back')
  ctx.describe(erasureFacts(row))
  ctx.publish({ type: 'retention.erasure_requested', subject: id, data: { erasure: id } })
  return row
}
