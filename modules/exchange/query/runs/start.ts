import { behalfOf, operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { openProject } from '../../../governance/projects/index.ts'
import { settingsOf } from '../budget/store.ts'
import { approvalOf, runnable } from '../plans/approval.ts'
import { exampleOfPlan, versionInput } from '../plans/schema.ts'
import { findPlan, findVersion } from '../plans/store.ts'
import { problems } from '../problems.ts'
import { inProject, limits } from '../schema.ts'
import { runFacts } from './end.ts'
import { runQueue } from './queue.ts'
import { runSummary } from './schema.ts'
import { findRun, insertRun, type NewRun } from './store.ts'
import { runSummaryOf } from './view.ts'

export const startRun = operation({
  name: 'query.start_run',
  summary: 'Run a version of a query plan',
  description: 'A job does it. Permission, agreement, sources, offers, objections, budget and approvals are asked when it acts, and membership all the while.',
  input: versionInput,
  output: runSummary,
  access: { action: 'create', on: inProject('query_run') },
  audit: (_input, run) => runFacts(run),
  http: { method: 'POST', path: '/v1/projects/:project/query-plans/:plan/versions/:version/runs', status: 202 },
  example: { input: { ...exampleOfPlan, version: 1 } },
  problems: [doorProblems.not_found, problems.project_closed, problems.not_runnable, problems.too_many_runs],
  async run(ctx, { project, plan, version: number }) {
    const version = (await findPlan(ctx.tx, project, plan)) && (await findVersion(ctx.tx, plan, number))
    if (version === undefined) return refuse(doorProblems.not_found)
    if ((await openProject(ctx.tx, project, ctx.now)) === undefined) return refuse(problems.project_closed)
    if (!runnable(approvalOf(version))) return refuse(problems.not_runnable)
    const run: NewRun = {
      id: ctx.newId<'query_run'>(),
      project_id: project,
      plan_id: plan,
      version: number,
      hash: version.hash,
      title: version.document.output.title,
      schedule_id: null,
      asked_by: ctx.principal.id,
      asked_from: null,
      behalf: behalfOf(ctx.principal, { action: 'create', resource: inProject('query_run')({ project }) }) ?? null,
      asked_at: ctx.now,
      floor: (await settingsOf(ctx.tx, project)).floor,
    }
    if (!(await insertRun(ctx.tx, run, limits.openRunsMax))) return refuse(problems.too_many_runs)
    // Not in whose place: the run keeps that itself, and ends in a named state where the right is gone before it begins.
    await ctx.node.queue.enqueue(ctx.tx, runQueue, { tenant: ctx.tenant, run: run.id }, { singletonKey: run.id })
    ctx.publish({ type: 'query.run_changed', subject: run.id, data: { project, run: run.id, state: 'queued' } })
    const row = await findRun(ctx.tx, run.id)
    return row === undefined ? refuse(doorProblems.not_found) : runSummaryOf(row, [])
  },
})
