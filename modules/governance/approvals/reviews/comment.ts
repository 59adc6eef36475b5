import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { approvalsProblems } from '../problems.ts'
import { reviewEvent } from './facts.ts'
import { reviewLife } from './life.ts'
import { openReview } from './open.ts'
import { commentInput, commentsMax } from './schema.ts'
import { commentsOf, insertComment } from './store.ts'

export const commentOnReview = operation({
  name: 'approvals.comment',
  summary: 'Say something about a review',
  description:
    '`private` is for reviewers alone, `public` for its authors too. Until all first votes are in, what a reviewer says is seen by that reviewer. Name no person concerned.',
  input: z.strictObject({ review: idSchema('review'), visibility: z.enum(['private', 'public']), text: commentInput }),
  output: z.strictObject({ id: idSchema('comment') }),
  access: { action: 'update', on: (_input, { id }) => ({ type: 'review', owner: id }) },
  audit: ({ review, visibility }, { id }) => ({ object: { kind: 'review', id: review }, details: { comment: id, visibility } }),
  http: { method: 'POST', path: '/v1/reviews/:review/comments', status: 201 },
  example: { input: { review: '0198c1de-7b3a-7c4d-8e5f-000000000001', visibility: 'public', text: 'The third table has a cell of four.' } },
  problems: [doorProblems.not_found, approvalsProblems.review_closed, approvalsProblems.comments_full, approvalsProblems.no_seat],
  async run(ctx, { review: id, visibility, text }) {
    const opened = await openReview(ctx, id, true)
    if (opened === undefined) return refuse(doorProblems.not_found)
    const { review, isAuthor, isReviewer } = opened
    // Whoever only looks on says nothing, and an author has nobody to speak to in private.
    if (!isReviewer && !(isAuthor && visibility === 'public')) return refuse(approvalsProblems.no_seat)
    if (!reviewLife.can(review.state, 'edit')) return refuse(approvalsProblems.review_closed, `the review is ${review.state}`)
    if ((await commentsOf(ctx.tx, id)).length >= commentsMax) return refuse(approvalsProblems.comments_full)
    const comment = { id: ctx.newId<'comment'>(), round: review.round, author: ctx.principal.id, visibility, text, said_at: ctx.now }
    await insertComment(ctx.tx, id, comment)
    ctx.publish(reviewEvent('commented', review, { comment: comment.id, visibility, by: ctx.principal.id }))
    return { id: comment.id }
  },
})
