import { sourcesByNode } from '@gatehouse/query/plan/nodes'
import { queryPlanSchema } from '@gatehouse/query/plan/schema'
import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { countCohort } from '../executor/trial.ts'
import { problems } from '../problems.ts'
import { countBase, exampleProject, inProject, inputOfProject, limits, told } from '../schema.ts'
import { cohortCount, examplePlan } from './schema.ts'
import { prepareQuestion, toldOf } from './trial.ts'

export const countPlan = operation({
  name: 'query.count_cohort',
  kind: 'steps',
  summary: 'How many people a plan means',
  description: 'Rounded to 5, and nothing where they are fewer than the floor. Whoever has objected is not counted.',
  input: inputOfProject.extend({ document: queryPlanSchema }),
  output: cohortCount,
  access: { action: 'create', on: inProject('query_run') },
  audit: ({ project, document }) => ({ object: { kind: 'project', id: project }, details: { tables: document.sources.map(({ table }) => table) } }),
  http: { method: 'POST', path: '/v1/projects/:project/query-plans/count' },
  example: { input: { project: exampleProject, document: examplePlan } },
  problems: [problems.project_closed, problems.plan_unfit, problems.trials_spent, problems.source_fault],
  async run(ctx, { project, document }) {
    const prepared = await prepareQuestion(ctx, project, document)
    if (prepared instanceof Refusal) return prepared
    const { input, floor } = prepared
    const people = await countCohort(ctx.node, { ...input, signal: AbortSignal.timeout(limits.trialMs) }).catch(toldOf)
    if (people instanceof Refusal) return people
    return { people: people === undefined ? null : told(people, floor), floor, base: countBase, nodes: [...sourcesByNode(input.plan).keys()] }
  },
})
