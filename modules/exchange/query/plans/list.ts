import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'
import { planSummary } from './schema.ts'
import { latestOf, listPlans } from './store.ts'
import { planSummaryOf } from './view.ts'

export const plans = operation({
  name: 'query.plans',
  summary: 'List the query plans of a project',
  input: inputOfProject.extend({ ...pageQuery, cursor: idSchema('query_plan').optional() }),
  output: pageSchema(planSummary),
  access: { action: 'read', on: inProject('query_plan') },
  audit: { none: 'a plan names tables and columns and no person' },
  http: { method: 'GET', path: '/v1/projects/:project/query-plans' },
  example: { input: { project: exampleProject } },
  async run({ tx }, { project, cursor, limit }) {
    const rows = await listPlans(tx, project, cursor, limit + 1)
    const page = rows.slice(0, limit)
    const latest = new Map(
      (
        await latestOf(
          tx,
          page.map(({ id }) => id),
        )
      ).map((version) => [version.plan_id, version]),
    )
    const data = page.flatMap((plan) => {
      const version = latest.get(plan.id)
      return version === undefined ? [] : [planSummaryOf(plan, version)]
    })
    return { data, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
