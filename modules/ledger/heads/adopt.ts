import { Problem } from '@gatehouse/core/problem'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { ledgerProblems } from '../problems.ts'
import { indexSchema } from '../schema.ts'
import { wholeLog } from '../visibility.ts'
import { clearHalt, markStored, readHalt } from './store.ts'

export const adopt = operation({
  name: 'ledger.adopt',
  summary: "Put the database's head into a store of heads that does not know the log",
  description:
    'For a store that was moved or lost. Whoever asks for it vouches that this database was not put back from a backup: the store can no longer tell.',
  input: z.strictObject({ size: indexSchema.describe('The size that the database has, as `ledger.standing` tells it.') }),
  output: z.strictObject({ size: z.number().int() }),
  access: { action: 'update', on: wholeLog },
  audit: (_, { size }) => ({ details: { size } }),
  http: { method: 'POST', path: '/v1/ledger/adopt' },
  example: { input: { size: 1_234 } },
  problems: [ledgerProblems.not_missing],
  async run({ tx }, { size }) {
    const halt = await readHalt(tx)
    if (halt?.reason !== 'missing' || halt.size !== size) throw new Problem(ledgerProblems.not_missing)
    await Promise.all([markStored(tx, false), clearHalt(tx)])
    return { size }
  },
})
