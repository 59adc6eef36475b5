import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { teamsOf } from '../identity/index.ts'
import { projectPageQuery, projectSchema } from './schema.ts'
import { stateAt } from './states.ts'
import { listProjectRows } from './store.ts'

export const listProjects = operation({
  name: 'projects.list',
  summary: 'List the projects',
  description: 'With `mine=true` those that one is a member of; all of them takes the right to see all.',
  input: projectPageQuery,
  output: pageSchema(projectSchema),
  access: { action: 'read', on: ({ mine }, { id }) => ({ type: 'project', ...(mine === 'true' ? { owner: id } : {}) }) },
  audit: { none: 'what projects there are and for which purpose; nothing about a person concerned' },
  http: { method: 'GET', path: '/v1/projects' },
  example: { input: { mine: 'true' } },
  async run({ tx, tenant, principal, now }, { cursor, limit, state, mine }) {
    const of = mine === 'true' ? [principal.id, ...(await teamsOf(tx, tenant, principal.id))] : undefined
    const rows = await listProjectRows(tx, { after: cursor, state, of, now, limit: limit + 1 })
    const data = rows.slice(0, limit).map((row) => ({ ...row, state: stateAt(row, now) }))
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
