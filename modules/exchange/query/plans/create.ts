import { queryPlanSchema } from '@gatehouse/query/plan/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { problems } from '../problems.ts'
import { exampleProject, inProject, inputOfProject, limits } from '../schema.ts'
import { newVersion } from './new-version.ts'
import { examplePlan, planSummary } from './schema.ts'
import { insertPlan, insertVersion, type PlanRow } from './store.ts'
import { planSummaryOf, versionFacts } from './view.ts'

export const createPlan = operation({
  name: 'query.create_plan',
  summary: 'Make a query plan',
  description:
    'One document says from which tables, which elements of whom, linked how, treated how, given out as what. It is checked against the tables as they are; whether it may run is asked when it runs.',
  input: inputOfProject.extend({ document: queryPlanSchema }),
  output: planSummary,
  access: { action: 'create', on: inProject('query_plan') },
  audit: (_input, { id, project, latest }) => versionFacts(id, project, latest),
  http: { method: 'POST', path: '/v1/projects/:project/query-plans', status: 201 },
  example: { input: { project: exampleProject, document: examplePlan } },
  problems: [problems.project_closed, problems.plan_unfit, problems.too_many_plans],
  async run(ctx, { project, document }) {
    const plan: PlanRow = { id: ctx.newId<'query_plan'>(), project_id: project, created_by: ctx.principal.id, created_at: ctx.now }
    const version = await newVersion(ctx, plan, 1, document)
    if (version instanceof Refusal) return version
    if (!(await insertPlan(ctx.tx, plan, limits.plansPerProjectMax))) return refuse(problems.too_many_plans)
    await insertVersion(ctx.tx, version)
    ctx.publish({ type: 'query.plan_changed', subject: plan.id, data: { project, plan: plan.id, version: 1 } })
    return planSummaryOf(plan, version)
  },
})
