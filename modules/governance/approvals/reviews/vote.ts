import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { approvalsProblems } from '../problems.ts'
import { panelsMax } from '../schema.ts'
import { castVote, choices, conclude } from './decide.ts'
import { openReview } from './open.ts'
import { digestSchema, reviewSchema } from './schema.ts'
import { goneAmong } from './seats.ts'
import { refusedBallot, settle } from './settle.ts'
import { viewOf } from './view.ts'

const judging = [doorProblems.not_found, approvalsProblems.review_closed, approvalsProblems.review_changed, approvalsProblems.author_may_not] as const

export const voteOnReview = operation({
  name: 'approvals.vote',
  summary: 'Vote on a review, or change the own vote',
  description:
    '`digest` is of what you have looked at. Votes of others stay hidden until every panel has as many as it needs. The vote that completes an approval brings about what was asked for, in the same transaction.',
  input: z.strictObject({
    review: idSchema('review'),
    choice: z.enum(choices),
    digest: digestSchema,
    /** For whoever sits in several: the place in `panels`. */
    panel: z
      .int()
      .min(0)
      .max(2 * panelsMax)
      .optional(),
  }),
  output: reviewSchema,
  access: { action: 'update', on: (_input, { id }) => ({ type: 'review', owner: id }) },
  audit: () => ({}),
  stepUp: true,
  http: { method: 'POST', path: '/v1/reviews/:review/vote' },
  example: { input: { review: '0198c1de-7b3a-7c4d-8e5f-000000000001', choice: 'approve', digest: 'a'.repeat(64) } },
  problems: [
    ...judging,
    approvalsProblems.own_review,
    approvalsProblems.no_seat,
    approvalsProblems.seat_taken,
    approvalsProblems.other_digest,
    approvalsProblems.votes_open,
  ],
  async run(ctx, input) {
    const opened = await openReview(ctx, input.review, true)
    if (opened === undefined) return refuse(doorProblems.not_found)
    const { kind, seats, review: before } = opened
    const others = before.votes.filter(({ voter }) => voter !== ctx.principal.id)
    const [thing, gone] = [await kind.present(ctx.tx, ctx.node, before.object), await goneAmong(ctx, others, before.panels)]
    const ballot = { voter: ctx.principal.id, choice: input.choice, digest: input.digest, panel: input.panel }
    const decided = castVote(before, ballot, { present: thing?.digest, seats, gone })
    if (decided.outcome === 'refused') return refusedBallot(decided.why, before)
    const cast = decided.standing.votes.find(({ voter }) => voter === ctx.principal.id)
    const review = await settle(ctx, kind, thing, before, decided, cast)
    return review instanceof Refusal ? review : viewOf(review, ctx.principal.id, seats, ctx.now)
  },
})

export const concludeReview = operation({
  name: 'approvals.conclude',
  summary: 'End a review whose votes differ',
  description:
    'For whoever has voted, once the votes are open. The strictest vote that stands decides: it is rejected, else returned. It is never approved over an objection.',
  input: z.strictObject({ review: idSchema('review') }),
  output: reviewSchema,
  access: { action: 'update', on: (_input, { id }) => ({ type: 'review', owner: id }) },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/reviews/:review/conclude' },
  example: { input: { review: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [...judging, approvalsProblems.no_vote, approvalsProblems.votes_hidden],
  async run(ctx, input) {
    const opened = await openReview(ctx, input.review, true)
    if (opened === undefined) return refuse(doorProblems.not_found)
    const { kind, seats, review: before } = opened
    const [thing, gone] = [await kind.present(ctx.tx, ctx.node, before.object), await goneAmong(ctx, before.votes, before.panels)]
    const decided = conclude(before, ctx.principal.id, { present: thing?.digest, gone })
    if (decided.outcome === 'refused') return refusedBallot(decided.why, before)
    const review = await settle(ctx, kind, thing, before, decided, undefined)
    return review instanceof Refusal ? review : viewOf(review, ctx.principal.id, seats, ctx.now)
  },
})
