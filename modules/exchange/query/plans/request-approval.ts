import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { requestReview } from '../../../governance/approvals/index.ts'
import { problems } from '../problems.ts'
import { inProject } from '../schema.ts'
import { summaryOf } from './approval.ts'
import { objectOf } from './review-kind.ts'
import { exampleOfPlan, versionInput, versionSummary } from './schema.ts'
import { findPlan, findVersion, setReview } from './store.ts'
import { versionFacts } from './view.ts'

export const requestApproval = operation({
  name: 'query.request_approval',
  summary: 'Ask the holders of its tables to approve a version of a plan',
  description:
    'Needed for output that is identifiable, untreated, or holds direct identifiers. Each holder approves exactly this version; whoever made it decides nothing.',
  input: versionInput,
  output: versionSummary,
  access: { action: 'publish', on: inProject('query_plan') },
  audit: ({ plan, project }, version) => versionFacts(plan, project, version),
  http: { method: 'POST', path: '/v1/projects/:project/query-plans/:plan/versions/:version/request-approval' },
  example: { input: { ...exampleOfPlan, version: 1 } },
  problems: [doorProblems.not_found, problems.approval_not_needed],
  async run(ctx, { project, plan, version: number }) {
    const version = (await findPlan(ctx.tx, project, plan)) && (await findVersion(ctx.tx, plan, number, true))
    if (version === undefined) return refuse(doorProblems.not_found)
    if (version.reasons.length === 0 || version.approved_at !== null) return refuse(problems.approval_not_needed)
    const review = await requestReview(ctx, 'query_plan', objectOf(plan, number))
    if (review instanceof Refusal) return review
    await setReview(ctx.tx, plan, number, review.id)
    return summaryOf({ ...version, review_id: review.id })
  },
})
