import { queryPlanSchema } from '@gatehouse/query/plan/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { problems } from '../problems.ts'
import { inProject, limits } from '../schema.ts'
import { summaryOf } from './approval.ts'
import { newVersion } from './new-version.ts'
import { exampleOfPlan, examplePlan, planInput, versionSummary } from './schema.ts'
import { findPlan, insertVersion, latestOf } from './store.ts'
import { versionFacts } from './view.ts'

export const addVersion = operation({
  name: 'query.add_version',
  summary: 'Make a new version of a query plan',
  description: 'The versions before it stay as they are, with what was approved of them; the new one needs an approval of its own where it needs any.',
  input: planInput.extend({ document: queryPlanSchema }),
  output: versionSummary,
  access: { action: 'update', on: inProject('query_plan') },
  audit: ({ plan, project }, version) => versionFacts(plan, project, version),
  http: { method: 'POST', path: '/v1/projects/:project/query-plans/:plan/versions', status: 201 },
  example: { input: { ...exampleOfPlan, document: examplePlan } },
  problems: [doorProblems.not_found, problems.project_closed, problems.plan_unfit, problems.plan_unchanged, problems.too_many_plans],
  async run(ctx, { project, plan: id, document }) {
    const plan = await findPlan(ctx.tx, project, id, true)
    const [latest] = plan === undefined ? [] : await latestOf(ctx.tx, [id])
    if (plan === undefined || latest === undefined) return refuse(doorProblems.not_found)
    if (latest.version >= limits.versionsPerPlanMax) return refuse(problems.too_many_plans)
    const version = await newVersion(ctx, plan, latest.version + 1, document)
    if (version instanceof Refusal) return version
    if (version.hash === latest.hash) return refuse(problems.plan_unchanged)
    await insertVersion(ctx.tx, version)
    ctx.publish({ type: 'query.plan_changed', subject: id, data: { project, plan: id, version: version.version } })
    return summaryOf(version)
  },
})
