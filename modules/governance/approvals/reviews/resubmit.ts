import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { approvalsProblems } from '../problems.ts'
import { edited, ended } from './decide.ts'
import { reviewEvent, reviewFacts } from './facts.ts'
import { rightToAsk, ruleFor } from './kinds.ts'
import { openReview } from './open.ts'
import { daySeconds, daysFor, panelsFor, panelTooSmall, remindAt } from './request.ts'
import { reviewSchema } from './schema.ts'
import { refusedBallot } from './settle.ts'
import { beginRound, moveReview, type ReviewRow } from './store.ts'
import { viewOf } from './view.ts'

export const resubmitReview = operation({
  name: 'approvals.resubmit',
  summary: 'Submit a thing again, as it is now',
  description:
    'After an edit, or after it was returned. A new round begins without votes and with a new deadline; the votes of the round before count for nothing.',
  input: z.strictObject({ review: idSchema('review') }),
  output: reviewSchema,
  access: { action: 'update', on: (_input, { id }) => ({ type: 'review', owner: id }) },
  audit: (_input, review) => reviewFacts(review),
  http: { method: 'POST', path: '/v1/reviews/:review/resubmit' },
  example: { input: { review: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [
    doorProblems.not_found,
    doorProblems.not_allowed,
    approvalsProblems.author_only,
    approvalsProblems.review_closed,
    approvalsProblems.review_unchanged,
    approvalsProblems.panel_too_small,
  ],
  async run(ctx, input) {
    const opened = await openReview(ctx, input.review, true)
    if (opened === undefined) return refuse(doorProblems.not_found)
    const { kind, review: before } = opened
    if (before.author !== ctx.principal.id) return refuse(approvalsProblems.author_only, undefined, { object: { kind: 'review', id: before.id } })
    const thing = await kind.present(ctx.tx, ctx.node, before.object)
    const { action, resource } = rightToAsk(kind, thing)
    if (!(await ctx.may(action, resource))) return refuse(doorProblems.not_allowed)
    if (thing === undefined) return refuse(doorProblems.not_found, 'what was under review is not there any more')
    const decided = edited(before, thing.digest, thing.makers)
    if (decided.outcome === 'refused') return refusedBallot(decided.why, before)
    const rule = await ruleFor(ctx.tx, kind)
    const panels = panelsFor(thing, rule.panels)
    const days = daysFor(thing, rule.deadline_days)
    const short = await panelTooSmall(ctx, panels, decided.standing.authors)
    if (short !== undefined) return short
    const review: ReviewRow = {
      ...before,
      ...decided.standing,
      panels,
      votes: [],
      deadline: addSeconds(ctx.now, days * daySeconds),
      changed_at: ctx.now,
    }
    await moveReview(ctx.tx, review, ctx.now)
    await beginRound(ctx.tx, review.id, panels, remindAt(ctx.now, days))
    ctx.publish(reviewEvent('resubmitted', review))
    return viewOf(review, ctx.principal.id, [], ctx.now)
  },
})

export const withdrawReview = operation({
  name: 'approvals.withdraw_review',
  summary: 'Withdraw a review that one has asked for',
  input: z.strictObject({ review: idSchema('review') }),
  output: reviewSchema,
  access: { action: 'delete', on: (_input, { id }) => ({ type: 'review', owner: id }) },
  audit: (_input, review) => reviewFacts(review),
  http: { method: 'DELETE', path: '/v1/reviews/:review' },
  example: { input: { review: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, approvalsProblems.author_only, approvalsProblems.review_closed],
  async run(ctx, input) {
    const opened = await openReview(ctx, input.review, true)
    if (opened === undefined) return refuse(doorProblems.not_found)
    const { kind, review: before } = opened
    if (before.author !== ctx.principal.id) return refuse(approvalsProblems.author_only, undefined, { object: { kind: 'review', id: before.id } })
    const decided = ended(before, 'withdraw')
    if (decided.outcome === 'refused') return refusedBallot(decided.why, before)
    const review: ReviewRow = { ...before, state: decided.standing.state, changed_at: ctx.now }
    await kind.ended?.(ctx, review, 'withdrawn')
    await moveReview(ctx.tx, review, ctx.now)
    ctx.publish(reviewEvent('withdrawn', review))
    return viewOf(review, ctx.principal.id, [], ctx.now)
  },
})
