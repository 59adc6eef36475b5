/** A review as somebody may see it. What is hidden from them is left out here and nowhere else. */
import type { Instant } from '@gatehouse/core/instant'
import { isBlinded, type Seat } from './decide.ts'
import { openStates, type ReviewState } from './life.ts'
import type { ReviewPage, ReviewView, WaitsFor } from './schema.ts'
import type { CommentRow, ReviewRow } from './store.ts'

/** A row may say that it is open after its time: the node closes it a moment later. */
export function stateAt({ state, deadline }: Pick<ReviewRow, 'state' | 'deadline'>, now: Instant): ReviewState {
  return openStates.includes(state) && deadline <= now ? 'expired' : state
}

export function viewOf(review: ReviewRow, viewer: string, seats: readonly Seat[], now: Instant): ReviewView {
  const { id, kind, object, digest, author, round, opened_at, deadline, changed_at, panels, votes } = review
  return {
    id,
    kind,
    object,
    digest,
    author,
    state: stateAt(review, now),
    round,
    panels: panels.map((panel, place) => ({ ...panel, voted: votes.filter((vote) => vote.panel === place).length })),
    waits_for: waitsFor(review, viewer, seats, now),
    opened_at,
    deadline,
    changed_at,
  }
}

function waitsFor(review: ReviewRow, viewer: string, seats: readonly Seat[], now: Instant): WaitsFor {
  const state = stateAt(review, now)
  const voted = review.votes.some(({ voter }) => voter === viewer)
  if (state === 'returned') return review.author === viewer ? 'revision' : null
  if (state === 'reviewed') return voted ? 'agreement' : null
  if (state !== 'submitted' && state !== 'partially_reviewed') return null
  return !voted && usable(review, viewer, seats).some(({ taken }) => !taken) ? 'vote' : null
}

/** The seats from which somebody may judge this review: none of an author, for an author none. */
export function usable({ authors, votes }: Pick<ReviewRow, 'authors' | 'votes'>, viewer: string, seats: readonly Seat[]) {
  if (authors.includes(viewer)) return []
  return seats
    .filter(({ holder }) => !authors.includes(holder))
    .map(({ holder, panels }) => ({ holder, panels: [...panels], taken: votes.some(({ seat }) => seat === holder) }))
}

/** Votes of others are hidden until all first votes are in, from everybody. */
export function visibleVotes(review: ReviewRow, viewer: string): ReviewPage['votes'] {
  const blinded = isBlinded(review)
  return review.votes.map(({ voter, seat, panel, choice, voted_at }) => ({ voter, seat, panel, choice: blinded && voter !== viewer ? null : choice, voted_at }))
}

/** While votes are hidden, what reviewers say in this round is seen by themselves; private comments are never seen by who is no reviewer. */
export function visibleComments(review: ReviewRow, comments: readonly CommentRow[], viewer: string, isReviewer: boolean): CommentRow[] {
  const blinded = isBlinded(review)
  return comments.filter(({ author, visibility, round }) => {
    if (author === viewer) return true
    if (visibility === 'private' && !isReviewer) return false
    return !(blinded && round === review.round && !review.authors.includes(author))
  })
}
