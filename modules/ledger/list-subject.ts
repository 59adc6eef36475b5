import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { entryOf } from './entry.ts'
import { entryPageSchema, entryQuery } from './schema.ts'
import { listEntries } from './store.ts'
import { ledgerEntries, visibleTo } from './visibility.ts'

/** Apart from `ledger.list`, because whoever gathers what concerns one person leaves an entry. */
export const listSubject = operation({
  name: 'ledger.list_subject',
  summary: 'List the ledger entries that concern one person',
  input: z.strictObject({ ...entryQuery, subject: idSchema('subject') }),
  output: entryPageSchema,
  access: { action: 'read', on: ledgerEntries },
  audit: ({ subject }, { data }) => {
    const commitment = data.find((entry) => entry.body.subject_c !== undefined)?.body.subject_c
    return { ...(commitment === undefined ? {} : { subject: { id: subject, commitment } }), details: { entries: data.length } }
  },
  http: { method: 'GET', path: '/v1/logs/subjects/:subject' },
  example: { input: { subject: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  async run({ tx, principal }, { cursor, limit, order, ...filter }) {
    const rows = await listEntries(tx, { ...filter, visibleTo: visibleTo(principal) }, { cursor, order, limit })
    return { data: rows.map(entryOf), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null }
  },
})
