import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { recordTypes } from './chain.ts'
import { recordTypeSchema } from './schema.ts'

export const listRecordTypes = operation({
  name: 'vault.record_types',
  summary: 'List the record types and their fields',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(recordTypeSchema) }),
  access: { action: 'read', on: () => ({ type: 'record_type' }) },
  audit: { none: 'names and meanings of fields are no person’s data' },
  http: { method: 'GET', path: '/v1/vault/record-types' },
  example: { input: {} },
  async run(ctx) {
    const rows = await recordTypes(ctx.tx)
    return { data: rows.map(({ id: _, slug, fields, ...row }) => ({ record_type: slug, ...row, fields: [...fields] })) }
  },
})
