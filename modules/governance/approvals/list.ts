import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { approvalPageQuery, approvalSchema } from './schema.ts'
import { listOpen } from './store.ts'

export const listApprovals = operation({
  name: 'approvals.list',
  summary: 'List what waits for further people',
  description: 'To approve, make the same request yourself. To compare, the digest is the SHA-256 of its canonical JSON (RFC 8785).',
  input: approvalPageQuery,
  output: pageSchema(approvalSchema),
  access: { action: 'read', on: () => ({ type: 'approval' }) },
  audit: { none: 'names of operations, digests and ids of users' },
  http: { method: 'GET', path: '/v1/approvals' },
  example: { input: {} },
  async run({ tx, now }, { cursor, limit }) {
    const rows = await listOpen(tx, now, cursor, limit + 1)
    const data = rows.slice(0, limit)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
