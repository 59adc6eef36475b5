import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { erasureQuery, erasureSchema } from './schema.ts'
import { listErasures as list } from './store.ts'
import { viewOf } from './view.ts'

export const listErasures = operation({
  name: 'retention.erasures',
  summary: 'List erasures, newest first',
  input: erasureQuery,
  output: pageSchema(erasureSchema),
  access: { action: 'read', on: () => ({ type: 'erasure' }) },
  audit: { none: 'it tells random ids, times and counts; a reference stands in it only until the person is erased' },
  http: { method: 'GET', path: '/v1/erasures' },
  example: { input: {} },
  async run({ tx }, { cursor, state, limit }) {
    const rows = await list(tx, cursor, state, limit + 1)
    const page = rows.slice(0, limit)
    return { data: page.map(viewOf), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
