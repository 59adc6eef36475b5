import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'
import { runSummary } from './schema.ts'
import { listRuns, stepsOf } from './store.ts'
import { runSummaryOf } from './view.ts'

export const runs = operation({
  name: 'query.runs',
  summary: 'List the runs of a project',
  input: inputOfProject.extend({ ...pageQuery, cursor: idSchema('query_run').optional(), plan: idSchema('query_plan').optional() }),
  output: pageSchema(runSummary),
  access: { action: 'read', on: inProject('query_run') },
  audit: { none: 'states and times of work; nothing about a person' },
  http: { method: 'GET', path: '/v1/projects/:project/runs' },
  example: { input: { project: exampleProject } },
  async run({ tx }, { project, plan, cursor, limit }) {
    const rows = await listRuns(tx, project, { plan, before: cursor, limit: limit + 1 })
    const page = rows.slice(0, limit)
    const data = await Promise.all(page.map(async (row) => runSummaryOf(row, await stepsOf(tx, row.id))))
    return { data, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
