import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { requestReview } from '../../../governance/approvals/index.ts'
import { problems } from '../problems.ts'
import { exampleResult } from '../results/read.ts'
import { resultInput, resultSummary } from '../results/schema.ts'
import { setResultReview } from '../results/store.ts'
import { resultFacts, resultSummaryOf } from '../results/view.ts'
import { resultOf } from '../results/visible.ts'
import { setRunReview } from '../runs/store.ts'
import { inProject } from '../schema.ts'

export const requestRelease = operation({
  name: 'query.request_release',
  summary: 'Ask for the release of a result that is held',
  description: 'A run asks for it by itself. Where nobody could judge then, it is asked for here.',
  input: resultInput,
  output: resultSummary,
  access: { action: 'create', on: inProject('query_run') },
  audit: (_input, { id, project, run }) => ({ object: { kind: 'query_result', id }, details: { project, run } }),
  http: { method: 'POST', path: '/v1/projects/:project/results/:result/request-release' },
  example: { input: exampleResult },
  problems: [doorProblems.not_found, problems.result_ended],
  async run(ctx, { project, result: id }) {
    const found = await resultOf(ctx.tx, project, id)
    if (found instanceof Refusal) return found
    const { result, version } = found
    if (result.state !== 'held') return refuse(problems.result_ended, undefined, resultFacts(result))
    const review = await requestReview(ctx, 'query_disclosure', id)
    if (review instanceof Refusal) return review
    await setResultReview(ctx.tx, id, review.id)
    await setRunReview(ctx.tx, result.run_id, review.id)
    return resultSummaryOf({ ...result, review_id: review.id }, { hash: version.hash, formats: version.document.output.formats })
  },
})
