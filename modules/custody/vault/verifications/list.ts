/** What the last checks of the chains found, for those who were not there when they ran. */
import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { chainFaultSchema } from '../schema.ts'
import { listVerifications as rowsOf } from './store.ts'

export const verificationSchema = z.strictObject({
  id: idSchema('entry').describe('The ledger entry of the check.'),
  started_at: instantSchema,
  finished_at: instantSchema,
  subjects: z.number().int(),
  blocks: z.number().int(),
  unreadable: z.number().int(),
  fault_count: z.number().int(),
  faults: z.array(chainFaultSchema),
})

export const listVerifications = operation({
  name: 'vault.verifications',
  summary: 'List the checks of the vault, newest first',
  description: 'Each fault names the place: the chain, the block and its number, and what does not fit.',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('entry').optional() }),
  output: pageSchema(verificationSchema),
  access: { action: 'use', on: () => ({ type: 'vault' }) },
  audit: { none: 'it tells opaque ids and counts; the check itself stands in the ledger' },
  http: { method: 'GET', path: '/v1/vault/verifications' },
  example: { input: { limit: 5 } },
  async run(ctx, { cursor, limit }) {
    const rows = await rowsOf(ctx.tx, cursor, limit + 1)
    const page = rows.slice(0, limit)
    return { data: page.map((row) => ({ ...row, faults: [...row.faults] })), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
