/**
 * The door's question before an act that several people must ask for. Each of them sends the whole request; what they agree on
 * is its digest, so nobody approves something other than what will happen.
 */
import { addSeconds } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { fromHex } from '@gatehouse/crypto/bytes'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import type { Approval } from '@gatehouse/runtime/door/plugs'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { approvalsProblems } from './problems.ts'
import { approvalLifeSeconds, voteAttemptsMax } from './schema.ts'
import { expireOpen, lockOpen, openUnlessOpen, setState, vote } from './store.ts'

/**
 * Counts the caller among those who ask for exactly this. The one who completes the number carries the act out; the approval is
 * closed in the same transaction, so the act happens once, and stays open if the act fails.
 * @param requestDigest SHA-256 of the canonical request, in hex
 * @throws Problem `people_only` for a caller who is no person
 */
export async function approve(ctx: TransactionContext, operation: string, requestDigest: string, need: number): Promise<Approval> {
  if (ctx.principal.kind !== 'user') throw new Problem(approvalsProblems.people_only, `${operation} needs ${need} people`)
  const digest = fromHex(requestDigest)
  if (digest === undefined) throw new TypeError('a request digest is text in hex')
  const { tx, now } = ctx
  await expireOpen(tx, operation, digest, now)
  for (let attempt = 0; attempt < voteAttemptsMax; attempt++) {
    await openUnlessOpen(tx, {
      id: ctx.newId<'approval'>(),
      operation,
      requestDigest: digest,
      author: ctx.principal.id,
      need,
      createdAt: now,
      expiresAt: addSeconds(now, approvalLifeSeconds),
    })
    // Nothing, when somebody else completed or withdrew it while we waited for the row. Then this is the first vote of a new one.
    const id = await lockOpen(tx, operation, digest)
    if (id === undefined) continue
    const have = await vote(tx, id, ctx.principal.id, now)
    if (have < need) return { outcome: 'pending', id, have, need }
    await setState(tx, id, 'done')
    return { outcome: 'approved' }
  }
  throw new Problem(doorProblems.conflict, 'the approval was closed again and again while this vote was cast')
}
