import type { Id } from '@gatehouse/core/id'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { limits as jobLimits } from '../jobs/schema.ts'
import { loseSilentJobs } from '../jobs/store.ts'
import { exampleProject } from '../keys/schema.ts'
import { linkageProblems } from '../problems.ts'
import { exampleReview, inReview, type Review, reviewIn, reviewSchema } from './schema.ts'
import { reviewLife } from './states.ts'
import { closeReviewRow, countedReview, lockReview, overdueReviews, type ReviewRow } from './store.ts'

/** The review is held. What could be seen of the records is gone from here on. */
export async function closeReview(
  ctx: Pick<TransactionContext, 'tx' | 'now' | 'publish'>,
  project: Id<'project'>,
  { id }: Pick<ReviewRow, 'id'>,
): Promise<void> {
  await closeReviewRow(ctx.tx, project, id, ctx.now)
  ctx.publish({ type: 'linkage.review_closed', subject: id, data: { review: id, project } })
}

export const closeLinkReview = operation({
  name: 'linkage.close_review',
  summary: 'Close a review of doubtful links',
  description: 'Pairs that nobody has decided stay as the model has them. What could be seen of the records is destroyed.',
  input: inReview,
  output: reviewSchema,
  access: { action: 'update', on: reviewIn },
  audit: ({ project, review }, { pairs, decided }) => ({ object: { kind: 'project', id: project }, details: { review, pairs, decided } }),
  http: { method: 'POST', path: '/v1/projects/:project/link-reviews/:review/close' },
  example: { input: { project: exampleProject, review: exampleReview } },
  problems: [doorProblems.not_found, linkageProblems.review_closed],
  async run(ctx, { project, review: id }) {
    const review = await lockReview(ctx.tx, project, id)
    if (review === undefined) return refuse(doorProblems.not_found)
    if (reviewLife.next(review.state, 'close') === undefined) return refuse(linkageProblems.review_closed)
    await closeReview(ctx, project, review)
    return (await countedReview(ctx.tx, project, id)) as Review
  },
})

/** Reviews that nobody has finished in time, and jobs that were lost with their process. */
export const tidyLoop: Loop = {
  name: 'linkage.tidy',
  idleMs: 10 * 60_000,
  async run({ database, source }) {
    const now = instantOf(source.nowMs())
    await database.transaction('node', (tx) => loseSilentJobs(tx, addSeconds(now, -jobLimits.silentSeconds), now))
    const overdue = await database.transaction('node', (tx) => overdueReviews(tx, now))
    for (const { tenant_id, project_id, id } of overdue) await database.transaction(tenant_id, (tx) => closeReviewRow(tx, project_id, id, now))
    return overdue.length > 0
  },
}
