import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { entryOf } from './entry.ts'
import { entrySchema } from './schema.ts'
import { readEntry } from './store.ts'
import { ledgerEntries, opaque, visibleTo } from './visibility.ts'

export const read = operation({
  name: 'ledger.read',
  summary: 'Read one ledger entry',
  input: z.strictObject({ entry: idSchema('entry') }),
  output: entrySchema,
  access: { action: 'read', on: ledgerEntries },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/logs/:entry' },
  example: { input: { entry: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, principal }, { entry }) {
    const row = await readEntry(tx, entry, visibleTo(principal))
    if (row === undefined) throw new Problem(doorProblems.not_found)
    return entryOf(row)
  },
})
