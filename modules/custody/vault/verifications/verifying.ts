import { instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { readVerifying } from './store.ts'

export const verifying = operation({
  name: 'vault.verifying',
  summary: 'Tell how far the check of the whole vault is that is going on',
  input: z.strictObject({}),
  output: z.strictObject({
    verifying: z
      .strictObject({
        started_at: instantSchema,
        blocks: z.number().int().describe('Walked so far.'),
        of_blocks: z.number().int().describe('How many there were when it began.'),
      })
      .nullable()
      .describe('Null while none is going on.'),
  }),
  access: { action: 'use', on: () => ({ type: 'vault' }) },
  audit: { none: 'it tells counts; the check itself stands in the ledger' },
  http: { method: 'GET', path: '/v1/vault/verifying' },
  example: { input: {} },
  run: async ({ tx }) => ({ verifying: (await readVerifying(tx)) ?? null }),
})
