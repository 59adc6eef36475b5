/** The review that an act is about, as far as whoever acts may know of it. */
import type { Id } from '@gatehouse/core/id'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import type { ReviewKind } from '@gatehouse/runtime/door/review-kind'
import type { Seat } from './decide.ts'
import { kindNamed } from './kinds.ts'
import { seatsOf } from './seats.ts'
import { type ReviewRow, reviewById } from './store.ts'
import { stateAt, usable } from './view.ts'

export interface Opened {
  /** In the state that it is in now: past its deadline it is over, also before the node has closed it. */
  readonly review: ReviewRow
  readonly kind: ReviewKind
  readonly seats: readonly Seat[]
  readonly isAuthor: boolean
  /** With a seat, and no author. */
  readonly isReviewer: boolean
}

/** @returns `undefined` for whoever neither asked for it, nor sits in a panel, nor may see all reviews: for them there is none */
export async function openReview(ctx: TransactionContext, id: Id<'review'>, held: boolean): Promise<Opened | undefined> {
  const row = await reviewById(ctx.tx, id, held)
  const kind = row && kindNamed(ctx.node, row.kind)
  if (row === undefined || kind === undefined || ctx.principal.kind !== 'user') return undefined
  const review = { ...row, state: stateAt(row, ctx.now) }
  const me = ctx.principal.id
  const seats = await seatsOf(ctx, me, review.panels)
  const isAuthor = review.authors.includes(me)
  // Whoever has voted may read on, even where the seat is gone since.
  const isReviewer = usable(review, me, seats).length > 0
  const known = isAuthor || isReviewer || review.votes.some(({ voter }) => voter === me) || (await ctx.may('read', { type: 'review' }))
  return known ? { review, kind, seats, isAuthor, isReviewer } : undefined
}
