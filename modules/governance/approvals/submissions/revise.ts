import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { approvalsProblems } from '../problems.ts'
import { openReviewOf } from '../reviews/store.ts'
import { exampleSubmission, submissionSchema, submissionTerms } from './schema.ts'
import { changeSubmission, lockSubmission } from './store.ts'

export const reviseSubmission = operation({
  name: 'approvals.revise',
  summary: 'Change what one has put before a panel',
  description: 'Votes wait from here on until you submit it again, which begins a round without votes.',
  input: submissionTerms.extend({ submission: idSchema('submission') }),
  output: submissionSchema,
  access: { action: 'create', on: () => ({ type: 'submission' }) },
  audit: (_input, { id, kind }) => ({ object: { kind: 'submission', id }, details: { review_kind: kind } }),
  http: { method: 'PUT', path: '/v1/submissions/:submission' },
  example: { input: { submission: '0198c1de-7b3a-7c4d-8e5f-000000000001', ...exampleSubmission } },
  problems: [doorProblems.not_found, approvalsProblems.review_closed],
  async run(ctx, { submission: id, ...terms }) {
    const before = await lockSubmission(ctx.tx, id)
    // Of others' there is none: whoever judges reads it with its review.
    if (before === undefined || before.author !== ctx.principal.id) return refuse(doorProblems.not_found)
    const review = await openReviewOf(ctx.tx, before.kind, before.id)
    if (review === undefined) return refuse(approvalsProblems.review_closed, 'it was decided, or taken back', { object: { kind: 'submission', id } })
    const after = { ...before, ...terms, changed_at: ctx.now }
    await changeSubmission(ctx.tx, after)
    return after
  },
})
