import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { sourceSchema } from '../schema.ts'
import { listSources as listRows } from '../store.ts'
import { viewsOf } from './view.ts'

export const listSources = operation({
  name: 'catalog.list_sources',
  kind: 'steps',
  summary: 'List the sources, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('data_source').optional() }),
  output: pageSchema(sourceSchema),
  access: { action: 'read', on: () => ({ type: 'data_source' }) },
  audit: { none: 'it tells where records can be read from, and no record' },
  http: { method: 'GET', path: '/v1/data-sources' },
  example: { input: {} },
  async run(ctx, { cursor, limit }) {
    const rows = await ctx.step((tx) => listRows(tx, cursor, limit + 1))
    const page = rows.slice(0, limit)
    return { data: await viewsOf(ctx, page), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
