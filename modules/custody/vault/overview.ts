import { instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { readSizes } from './store.ts'
import { verificationSchema } from './verifications/list.ts'

export const overview = operation({
  name: 'vault.overview',
  summary: 'Tell what the vault holds, how old its keys are and when it was last checked',
  input: z.strictObject({}),
  output: z.strictObject({
    subjects: z.number().int(),
    blocks: z.number().int(),
    bytes: z.number().int().describe('Sealed content, without indexes.'),
    keys: z.array(
      z.strictObject({
        version: z.number().int(),
        created_at: instantSchema,
        subjects: z.number().int().describe('People whose data keys this key wraps.'),
      }),
    ),
    last_verification: verificationSchema.omit({ faults: true }).nullable(),
  }),
  access: { action: 'use', on: () => ({ type: 'vault' }) },
  audit: { none: 'it tells counts and the age of keys' },
  http: { method: 'GET', path: '/v1/vault' },
  example: { input: {} },
  async run({ tx, node }) {
    const [sizes, ages] = await Promise.all([readSizes(tx), node.keys.ages(tx)])
    const { wrapped, last_verification, ...counts } = sizes
    return {
      ...counts,
      keys: ages.map(({ version, created_at }) => ({ version, created_at, subjects: wrapped[version] ?? 0 })),
      last_verification,
    }
  },
})
