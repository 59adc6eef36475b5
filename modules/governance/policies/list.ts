import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { policyItemSchema, policyPageQuery } from './schema.ts'
import { listPolicies as listRows } from './store.ts'

export const listPolicies = operation({
  name: 'policies.list',
  summary: 'List the policies',
  description: 'Filters look at the active version, or at the newest where none is active.',
  input: policyPageQuery,
  output: pageSchema(policyItemSchema),
  access: { action: 'read', on: () => ({ type: 'policy' }) },
  audit: { none: 'rules of the institution, nothing of a person' },
  http: { method: 'GET', path: '/v1/policies', aliases: ['/policies'] },
  example: { input: { state: 'active' } },
  async run({ tx }, query) {
    const rows = await listRows(tx, query, query.limit + 1)
    const data = rows.slice(0, query.limit)
    return { data, next: rows.length > query.limit ? (data.at(-1)?.id ?? null) : null }
  },
})
