import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { groupName } from '../../identity/index.ts'
import { approvalsProblems } from '../problems.ts'
import { submissionOf } from '../submissions/kinds.ts'
import { submissionSchema } from '../submissions/schema.ts'
import { openReview } from './open.ts'
import { digestSchema, reviewKindSchema } from './schema.ts'
import { commentsOf } from './store.ts'

const decisions = ['approved', 'returned', 'rejected'] as const

export const letterSchema = z.strictObject({
  review: idSchema('review'),
  kind: reviewKindSchema,
  object: z.string(),
  /** What was submitted at the desk itself; `null` where a module keeps the thing. */
  submission: submissionSchema.pick({ title: true, reference: true }).nullable(),
  /** SHA-256 (hex) of exactly what was judged. */
  digest: digestSchema,
  decision: z.enum(decisions),
  round: z.int(),
  asked_at: instantSchema,
  decided_at: instantSchema,
  /** The panels speak, not the people in them. `name` is `null` for a role of the product. */
  panels: z.array(z.strictObject({ kind: z.enum(['role', 'team']), id: z.string(), name: z.string().nullable(), quorum: z.int(), voted: z.int() })),
  /** What reviewers said for the author in this round: reasons, conditions, what has to change. */
  said: z.array(sensitive(z.string())),
})

export const readLetter = operation({
  name: 'approvals.letter',
  summary: 'Read the decision letter of a review',
  description: 'What was decided about exactly what, by which panels and why. It names no reviewer. The digest stands in the ledger beside the decision.',
  input: z.strictObject({ review: idSchema('review') }),
  output: letterSchema,
  access: { action: 'read', on: (_input, { id }) => ({ type: 'review', owner: id }) },
  audit: { none: 'what colleagues decided about a thing of the institution; the decision itself is in the log' },
  http: { method: 'GET', path: '/v1/reviews/:review/letter' },
  example: { input: { review: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, approvalsProblems.not_decided],
  async run(ctx, input) {
    const opened = await openReview(ctx, input.review, false)
    if (opened === undefined) return refuse(doorProblems.not_found)
    const { review } = opened
    const decision = decisions.find((one) => one === review.state)
    if (decision === undefined) return refuse(approvalsProblems.not_decided, `the review is ${review.state}`)
    const submission = await submissionOf(ctx.tx, review)
    const said = (await commentsOf(ctx.tx, review.id)).filter(
      ({ author, round, visibility }) => visibility === 'public' && round === review.round && !review.authors.includes(author),
    )
    return {
      review: review.id,
      kind: review.kind,
      object: review.object,
      submission: submission === undefined ? null : { title: submission.title, reference: submission.reference },
      digest: review.digest,
      decision,
      round: review.round,
      asked_at: review.opened_at,
      decided_at: review.changed_at,
      panels: await Promise.all(
        review.panels.map(async ({ kind, id, quorum }, place) => ({
          kind,
          id,
          name: await groupName(ctx.tx, ctx.tenant, { kind, id }),
          quorum,
          voted: review.votes.filter(({ panel }) => panel === place).length,
        })),
      ),
      said: said.map(({ text }) => text),
    }
  },
})
