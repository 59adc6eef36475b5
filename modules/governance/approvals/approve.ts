/**
 * The door's question before an act that several people must ask for. Each of them sends the whole request; what they agree on
 * is its digest, so nobody approves something other than what will happen.
 */
import { addSeconds } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { fromHex } from '@gatehouse/crypto/bytes'
import type { Refusal, TransactionContext } from '@gatehouse/runtime/door/operation'
import type { Approval, AskedOfSeveral } from '@gatehouse/runtime/door/plugs'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type ApprovalNews, approvalEvent } from './facts.ts'
import { approvalsProblems } from './problems.ts'
import { reviewDemanded } from './reviews/demanded.ts'
import { approvalLifeSeconds, remindSeconds, voteAttemptsMax } from './schema.ts'
import { expireOpen, lockOpen, openUnlessOpen, setState, vote } from './store.ts'

/**
 * Counts the caller among those who ask for exactly this. The one who completes the number carries the act out; the approval is
 * closed in the same transaction, so the act happens once, and stays open if the act fails.
 * @returns nothing for the one who completes the number; the refusal where the institution wants panels to judge instead
 * @throws Problem `people_only` for a caller who is no person
 */
export async function approve(ctx: TransactionContext, { operation, requestDigest, need, right }: AskedOfSeveral): Promise<Approval | Refusal | undefined> {
  if (ctx.principal.kind !== 'user')
    throw new Problem(approvalsProblems.people_only, `${operation} needs ${need} people; sign in, or use an API key of your own`)
  const digest = fromHex(requestDigest)
  if (digest === undefined) throw new TypeError('a request digest is text in hex')
  const { tx, now } = ctx
  const demanded = await reviewDemanded(ctx, operation)
  if (demanded !== undefined) return demanded
  const about = (news: ApprovalNews, id: string) => ctx.publish(approvalEvent(news, { id, operation }, ctx.principal.id))
  for (const id of await expireOpen(tx, operation, digest, now)) about('expired', id)
  for (let attempt = 0; attempt < voteAttemptsMax; attempt++) {
    await openUnlessOpen(tx, {
      id: ctx.newId<'approval'>(),
      operation,
      requestDigest: digest,
      author: ctx.principal.id,
      need,
      createdAt: now,
      expiresAt: addSeconds(now, approvalLifeSeconds),
      remindAt: addSeconds(now, approvalLifeSeconds - remindSeconds),
      asks: right,
    })
    // Nothing, when somebody else completed or withdrew it while we waited for the row. Then this is the first vote of a new one.
    const id = await lockOpen(tx, operation, digest)
    if (id === undefined) continue
    const have = await vote(tx, id, ctx.principal.id, now)
    about(have < need ? 'asked' : 'completed', id)
    if (have < need) return { id, have, need }
    await setState(tx, id, 'done')
    return undefined
  }
  throw new Problem(doorProblems.conflict, 'the approval was closed again and again while this vote was cast')
}
