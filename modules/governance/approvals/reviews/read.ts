import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { colleagues, groupName } from '../../identity/index.ts'
import { submissionOf } from '../submissions/kinds.ts'
import { isBlinded } from './decide.ts'
import { openStates } from './life.ts'
import { openReview } from './open.ts'
import { reviewPageSchema } from './schema.ts'
import { commentsOf } from './store.ts'
import { usable, viewOf, visibleComments, visibleVotes } from './view.ts'

export const readReview = operation({
  name: 'approvals.read_review',
  summary: 'Read a review with its votes and comments',
  input: z.strictObject({ review: idSchema('review') }),
  output: reviewPageSchema,
  access: { action: 'read', on: (_input, { id }) => ({ type: 'review', owner: id }) },
  audit: { none: 'what colleagues said of a thing of the institution; the thing itself is read where it is kept' },
  http: { method: 'GET', path: '/v1/reviews/:review' },
  example: { input: { review: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, input) {
    const opened = await openReview(ctx, input.review, false)
    if (opened === undefined) return refuse(doorProblems.not_found)
    const { review, kind, seats, isReviewer } = opened
    const me = ctx.principal.id
    const [thing, all] = [await kind.present(ctx.tx, ctx.node, review.object), await commentsOf(ctx.tx, review.id)]
    const votes = visibleVotes(review, me)
    const comments = visibleComments(review, all, me, isReviewer)
    const own = usable(review, me, seats)
    const named = [
      ...review.authors,
      ...votes.flatMap(({ voter, seat }) => [voter, seat]),
      ...comments.map(({ author }) => author),
      ...own.map(({ holder }) => holder),
    ]
    const view = viewOf(review, me, seats, ctx.now)
    return {
      ...view,
      seats: own,
      authors: [...review.authors],
      submission: (await submissionOf(ctx.tx, review)) ?? null,
      panel_names: await Promise.all(review.panels.map((panel) => groupName(ctx.tx, ctx.tenant, panel))),
      changed: openStates.includes(view.state) && thing?.digest !== review.digest,
      blinded: isBlinded(review),
      votes,
      comments,
      people: await colleagues(ctx.tx, ctx.tenant, named),
    }
  },
})
