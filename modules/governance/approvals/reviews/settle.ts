/** Writes what was decided: the votes, the review's new state, what follows from it, the entry's facts and the event. */

import type { Id } from '@gatehouse/core/id'
import { toHex } from '@gatehouse/crypto/bytes'
import { type Refusal, type Right, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import type { Reviewed, ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { hasFor } from '../../access/index.ts'
import { askingMember } from '../../identity/index.ts'
import { approvalsProblems } from '../problems.ts'
import { type Decided, isBlinded, type RefusedBallot, type Vote } from './decide.ts'
import { commitmentTo, openedVotes, reviewEvent, reviewFacts } from './facts.ts'
import { rightToAsk } from './kinds.ts'
import { nonceBytes } from './schema.ts'
import { dropBallots, moveReview, putBallot, type ReviewRow } from './store.ts'

const whyNot: Readonly<Record<RefusedBallot, keyof typeof approvalsProblems>> = {
  closed: 'review_closed',
  own: 'own_review',
  no_seat: 'no_seat',
  seat_taken: 'seat_taken',
  other_digest: 'other_digest',
  changed_meanwhile: 'review_changed',
  disclosed: 'votes_open',
  no_vote: 'no_vote',
  hidden: 'votes_hidden',
  unchanged: 'review_unchanged',
}

export const refusedBallot = (why: RefusedBallot, review: ReviewRow): Refusal =>
  refuse(approvalsProblems[whyNot[why]], why === 'closed' ? `the review is ${review.state}` : undefined, { object: { kind: 'review', id: review.id } })

/** @param cast the vote that was cast now; none when a disagreement is concluded */
export async function settle(
  ctx: TransactionContext,
  kind: ReviewKind,
  thing: Reviewed | undefined,
  before: ReviewRow,
  { event, standing, lapsed }: Extract<Decided, { outcome: 'moved' }>,
  cast: Vote | undefined,
): Promise<ReviewRow | Refusal> {
  const { tx, now } = ctx
  const of = { id: before.id, object: before.object, digest: before.digest, author: before.author }
  if (event === 'approve') {
    const refused = (await authorMayStill(ctx, rightToAsk(kind, thing), before)) ?? (await kind.approved(ctx, of))
    if (refused !== undefined) return refused
  } else if (event === 'reject') {
    await kind.ended?.(ctx, of, 'rejected')
  }
  const nonce = ctx.randomBytes(nonceBytes)
  const votes = standing.votes.map((vote) => {
    const known = before.votes.find(({ voter }) => voter === vote.voter)
    return (cast !== undefined && vote.voter === cast.voter) || known === undefined ? { ...vote, nonce: toHex(nonce), voted_at: now } : known
  })
  const review: ReviewRow = { ...before, ...standing, votes, changed_at: now }
  await dropBallots(tx, before, lapsed)
  if (cast !== undefined) await putBallot(tx, before, cast, nonce, now)
  await moveReview(tx, review, now)
  ctx.describe(
    reviewFacts(review, {
      ...(cast === undefined ? {} : { panel: cast.panel, seat: cast.seat, commitment: commitmentTo(ctx.node.keys.primitives, nonce, cast.choice) }),
      ...(lapsed.length === 0 ? {} : { lapsed: lapsed.map(({ voter }) => voter) }),
      ...(isBlinded(review) ? {} : { votes: openedVotes(votes) }),
    }),
  )
  if (lapsed.length > 0) ctx.publish(reviewEvent('lapsed', review))
  if (event === 'disclose' && before.state !== 'reviewed') ctx.publish(reviewEvent('disclosed', review))
  if (event === 'approve' || event === 'return' || event === 'reject') ctx.publish(reviewEvent(review.state as 'approved' | 'returned' | 'rejected', review))
  return review
}

async function authorMayStill(ctx: TransactionContext, { action, resource }: Right, { author, id }: ReviewRow): Promise<Refusal | undefined> {
  const account = await askingMember(ctx.tx, ctx.tenant, author as Id<'user'>)
  if (account !== undefined && (await hasFor(ctx, account, action, resource))) return undefined
  return refuse(approvalsProblems.author_may_not, undefined, { object: { kind: 'review', id } })
}
