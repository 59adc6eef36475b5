import { idSchema, instantSchema, pageQuery, pageSchema, slugSchema } from '@gatehouse/core/schema'
import { toHex } from '@gatehouse/crypto/bytes'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { chainEntries } from './store.ts'

const entry = z.strictObject({
  block_id: idSchema('block'),
  sequence: z.number().int(),
  record_type: slugSchema,
  record_type_version: z.number().int(),
  at: instantSchema,
  data_hash: z.string(),
  previous_hash: z.string(),
  block_hash: z.string(),
  bytes: z.number().int(),
})

export const listBlocks = operation({
  name: 'vault.blocks',
  summary: 'List the blocks of a person’s chain, without their content',
  input: z.strictObject({
    user_id: userIdSchema,
    ...pageQuery,
    cursor: z
      .string()
      .regex(/^\d{1,9}$/, 'give the "next" of the page before')
      .optional(),
  }),
  output: pageSchema(entry).extend({ subject_id: idSchema('subject'), subject_commitment: z.string() }),
  access: { action: 'read', on: () => ({ type: 'record' }) },
  audit: (_input, output) => ({
    subject: { id: output.subject_id, commitment: output.subject_commitment },
    details: { blocks: output.data.length },
  }),
  http: { method: 'POST', path: '/v1/vault/blocks' },
  async run(ctx, input) {
    const subject = await findSubject(ctx.tx, ctx.node, input.user_id)
    if (subject?.status !== 'active') return refuse(doorProblems.not_found)
    const rows = await chainEntries(ctx.tx, subject.id, Number(input.cursor ?? 0), input.limit)
    const data = rows.map((row) => ({
      ...row,
      data_hash: toHex(row.data_hash),
      previous_hash: toHex(row.previous_hash),
      block_hash: toHex(row.block_hash),
    }))
    const last = data.at(-1)
    const next = last !== undefined && data.length === input.limit ? String(last.sequence) : null
    return { subject_id: subject.id, subject_commitment: subject.commitment, data, next }
  },
})
