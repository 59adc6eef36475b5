import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { partnerPageQuery, partnerSchema } from './schema.ts'
import { standingOf } from './status.ts'
import { listPartners as listRows } from './store.ts'

export const listPartners = operation({
  name: 'partners.list',
  summary: 'List the partners',
  input: partnerPageQuery,
  output: pageSchema(partnerSchema),
  access: { action: 'read', on: () => ({ type: 'partner' }) },
  audit: { none: 'metadata of institutions, nothing of a person' },
  http: { method: 'GET', path: '/v1/partners' },
  example: { input: { status: 'active' } },
  async run({ tx, now }, { cursor, limit, status }) {
    const rows = await listRows(tx, cursor, status, now, limit + 1)
    const data = rows.slice(0, limit).map((row) => ({ ...row, status: standingOf(row, now) }))
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
