import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { findSubject } from '../../subjects/index.ts'
import { viewOf } from './document.ts'
import { comingOfAgeOf } from './guardians/age-rule.ts'
import { consentSchema, searchSchema } from './schema.ts'
import { listConsents } from './store.ts'

export const searchConsents = operation({
  name: 'consents.list',
  summary: 'List the consents of a person',
  description: 'Newest first. A person nobody knows has none.',
  input: searchSchema,
  output: pageSchema(consentSchema),
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: (_input, page) => ({ details: { consents: page.data.length } }),
  http: { method: 'POST', path: '/v1/consents/search' },
  example: { input: { user_id: 'EMP-0001', in_force: true } },
  async run(ctx, { user_id, cursor, limit, in_force }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    if (subject === undefined) return { data: [], next: null }
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    const rows = await listConsents(ctx.tx, subject.id, { before: cursor, inForceAt: in_force === true ? ctx.now : undefined, limit: limit + 1 })
    const age = await comingOfAgeOf(ctx.tx, rows)
    const data = rows.slice(0, limit).map((row) => viewOf(row, ctx.now, age))
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
