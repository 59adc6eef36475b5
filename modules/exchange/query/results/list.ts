import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { versionsAt } from '../plans/store.ts'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'
import { resultSummary } from './schema.ts'
import { listResults } from './store.ts'
import { resultSummaryOf } from './view.ts'

export const results = operation({
  name: 'query.results',
  summary: 'List the results of a project',
  input: inputOfProject.extend({ ...pageQuery, cursor: idSchema('query_result').optional(), plan: idSchema('query_plan').optional() }),
  output: pageSchema(resultSummary),
  access: { action: 'read', on: inProject('query_result') },
  audit: { none: 'what results there are; nothing that stands in them' },
  http: { method: 'GET', path: '/v1/projects/:project/results' },
  example: { input: { project: exampleProject } },
  async run({ tx }, { project, plan, cursor, limit }) {
    const rows = await listResults(tx, project, { plan, before: cursor, limit: limit + 1 })
    const page = rows.slice(0, limit)
    const versions = await versionsAt(tx, page)
    const data = page.flatMap((row) => {
      const version = versions.get(`${row.plan_id} ${row.version}`)
      return version === undefined ? [] : [resultSummaryOf(row, { hash: version.hash, formats: version.document.output.formats })]
    })
    return { data, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
