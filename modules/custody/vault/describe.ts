import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { describeRecord } from './describe-record.ts'
import { fieldSchema } from './schema.ts'

export const describe = operation({
  name: 'vault.describe',
  summary: 'Tell what is kept about a person, without opening it',
  description: 'Names of fields, the time of the latest record and the end of the person’s chain. No value is decrypted.',
  input: z.strictObject({ user_id: userIdSchema, record_type: slugSchema.optional() }),
  output: z.strictObject({
    subject_id: idSchema('subject'),
    /** What stands in the ledger in place of the person’s id. */
    subject_commitment: z.string(),
    record_type: slugSchema,
    record_type_version: z.number().int(),
    fields: z.array(fieldSchema),
    block_id: idSchema('block'),
    head: z.string(),
    at: instantSchema,
    blocks: z.number().int(),
  }),
  access: { action: 'read', on: () => ({ type: 'record' }) },
  audit: (_input, output) => ({
    subject: { id: output.subject_id, commitment: output.subject_commitment },
    object: { kind: 'block', id: output.block_id },
    details: { record_type: output.record_type, fields: output.fields.length },
  }),
  http: { method: 'POST', path: '/v1/vault/describe' },
  async run(ctx, input) {
    const subject = await findSubject(ctx.tx, ctx.node, input.user_id)
    if (subject?.status !== 'active') return refuse(doorProblems.not_found)
    const found = await describeRecord(ctx.tx, ctx.node, subject.id, input.record_type)
    if (found === undefined) return refuse(doorProblems.not_found, 'there is no such record; where a person has records of several types, name one')
    const { recordType, recordTypeVersion, fields, block, ...rest } = found
    return {
      subject_id: subject.id,
      subject_commitment: subject.commitment,
      record_type: recordType,
      record_type_version: recordTypeVersion,
      fields: [...fields],
      block_id: block,
      ...rest,
    }
  },
})
