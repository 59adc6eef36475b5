import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'
import { reidentificationView } from './schema.ts'
import { listReidentifications, viewOf } from './store.ts'

export const reidentifications = operation({
  name: 'query.reidentifications',
  summary: 'List who asked who stands behind pseudonyms, and why',
  input: inputOfProject.extend({ ...pageQuery, cursor: idSchema('reidentification').optional() }),
  output: pageSchema(reidentificationView),
  access: { action: 'read', on: inProject('reidentification') },
  audit: { none: 'that it was asked, by whom and why; of nobody who was found' },
  http: { method: 'GET', path: '/v1/projects/:project/reidentifications' },
  example: { input: { project: exampleProject } },
  async run({ tx }, { project, cursor, limit }) {
    const rows = await listReidentifications(tx, project, cursor, limit + 1)
    const page = rows.slice(0, limit)
    return { data: page.map(viewOf), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
