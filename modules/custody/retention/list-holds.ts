import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { holdQuery, holdSchema } from './schema.ts'
import { listHolds as list } from './store.ts'

export const listHolds = operation({
  name: 'retention.list_holds',
  summary: 'List legal holds, newest first',
  input: holdQuery,
  output: pageSchema(holdSchema),
  access: { action: 'read', on: () => ({ type: 'hold' }) },
  audit: () => ({}),
  http: { method: 'GET', path: '/v1/holds' },
  example: { input: {} },
  async run({ tx }, { cursor, in_force, limit }) {
    const rows = await list(tx, cursor, in_force === undefined ? undefined : in_force === 'true', limit + 1)
    const data = rows.slice(0, limit)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
