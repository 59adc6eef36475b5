import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { approvalsProblems } from '../problems.ts'
import { reviewFacts } from '../reviews/facts.ts'
import { requestReview } from '../reviews/request.ts'
import { reviewSchema } from '../reviews/schema.ts'
import { viewOf } from '../reviews/view.ts'
import { exampleSubmission, submissionKindNames, submissionTerms } from './schema.ts'
import { insertSubmission } from './store.ts'

export const submit = operation({
  name: 'approvals.submit',
  summary: 'Put a disclosure, a protocol or the course of a trial before those who judge it',
  description:
    'The panels of the institution’s rule judge, and the teams that are named here besides: each has to approve. A review begins at once; `object` in the answer is the submission. Name no person concerned.',
  input: submissionTerms.extend({ kind: z.enum(submissionKindNames) }),
  output: reviewSchema,
  access: { action: 'create', on: () => ({ type: 'submission' }) },
  audit: (_input, review) => reviewFacts(review),
  http: { method: 'POST', path: '/v1/submissions', status: 201 },
  example: { input: { kind: 'data_disclosure', ...exampleSubmission } },
  problems: [doorProblems.not_allowed, approvalsProblems.people_only, approvalsProblems.panel_too_small, approvalsProblems.too_many_reviews],
  async run(ctx, { kind, ...terms }) {
    const id = ctx.newId<'submission'>()
    await insertSubmission(ctx.tx, { id, kind, author: ctx.principal.id, ...terms, submitted_at: ctx.now, changed_at: ctx.now })
    const review = await requestReview(ctx, kind, id)
    return review instanceof Refusal ? review : viewOf(review, ctx.principal.id, [], ctx.now)
  },
})
