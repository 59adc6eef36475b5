import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { entryOf } from './entry.ts'
import { entryPageSchema, entryQuery } from './schema.ts'
import { listEntries } from './store.ts'
import { ledgerEntries, opaque, visibleTo } from './visibility.ts'

export const list = operation({
  name: 'ledger.list',
  summary: 'List ledger entries, newest first',
  description: 'Entries appear as soon as their act has committed; `index` is null until a checkpoint covers them, which takes at most a second.',
  input: z.strictObject(entryQuery),
  output: entryPageSchema,
  access: { action: 'read', on: ledgerEntries },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/logs', aliases: ['/logs'] },
  example: { input: { decision: 'deny', limit: 20 } },
  async run({ tx, principal }, { cursor, limit, order, ...filter }) {
    const rows = await listEntries(tx, { ...filter, visibleTo: visibleTo(principal) }, { cursor, order, limit })
    return { data: rows.map(entryOf), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null }
  },
})
