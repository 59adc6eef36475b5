import { pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { profilesOf, searchTables } from '../../../custody/catalog/index.ts'
import { foreignEntries } from '../parts/catalogue/entries.ts'
import { foreignTables } from '../parts/catalogue/store.ts'
import { problems } from '../problems.ts'
import { exampleProject, inProject } from '../schema.ts'
import { entryOf, viewerOf } from './catalogue.ts'
import { entrySchema, searchInput } from './schema.ts'

export const searchCatalogue = operation({
  name: 'query.search_catalogue',
  summary: 'Search the catalogue as a project sees it',
  description:
    'What the project is admitted to with its size; of every other table title, description and what is offered. A search looks at columns only where the project is admitted, so that it tells nothing else either.',
  input: searchInput,
  output: pageSchema(entrySchema),
  access: { action: 'read', on: inProject('catalogue') },
  audit: { none: 'it tells tables and what is offered, and no record' },
  http: { method: 'GET', path: '/v1/projects/:project/catalogue' },
  example: { input: { project: exampleProject, search: 'admissions' } },
  problems: [problems.project_closed],
  async run({ tx, node, now }, { project, search, cursor, limit }) {
    const viewer = await viewerOf(tx, node, project, now)
    if (viewer === undefined) return refuse(problems.project_closed)
    // Those of other nodes come behind all of this node's.
    const foreign = foreignEntries(await foreignTables(tx, project), search)
    const tables = await searchTables(tx, { search, known: [...viewer.admitted], after: cursor, limit: limit + 1 })
    const page = tables.slice(0, limit)
    const profiles = await profilesOf(tx, page)
    const next = tables.length > limit ? (page.at(-1)?.reference ?? null) : null
    const own = page.map((table) => entryOf(viewer, table, profiles.get(table.id)))
    return { data: next === null ? [...own, ...foreign] : own, next }
  },
})
