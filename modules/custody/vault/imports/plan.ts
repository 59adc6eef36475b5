import { canonicalJson } from '@gatehouse/core/canonical-json'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, slugSchema } from '@gatehouse/core/schema'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { fieldsOf, type Mapping, parseMapping } from '@gatehouse/tabular/mapping'
import { formatOfName } from '@gatehouse/tabular/reader'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { fieldSchema, formatSchema, noProgress } from '../schema.ts'
import { insertRecordType, newestRecordType, type RecordTypeRow } from '../store.ts'
import { insertImport } from './store.ts'

export const planImport = operation({
  name: 'vault.plan_import',
  summary: 'Plan an import: say what the columns of a file become',
  description:
    'The mapping names the record type, the column that tells whose record a row is, and the field each column becomes; every other column is dropped by name. ' +
    'A mapping with other fields than the record type has makes a new version of the record type. Then send the file to /v1/vault/imports/{import}/records.',
  input: z.strictObject({
    mapping: z.record(z.string(), z.unknown()),
    /** Only its ending is used, and it is not kept: names of files name people. */
    file_name: z.string().max(255).optional(),
    format: formatSchema.optional(),
  }),
  output: z.strictObject({
    import_id: idSchema('import'),
    status: z.literal('open'),
    record_type: slugSchema,
    record_type_version: z.number().int(),
    fields: z.array(fieldSchema),
  }),
  access: { action: 'create', on: () => ({ type: 'import' }) },
  audit: (_input, output) => ({
    object: { kind: 'import', id: output.import_id },
    details: { record_type: output.record_type, record_type_version: output.record_type_version, fields: output.fields.length },
  }),
  http: { method: 'POST', path: '/v1/vault/imports', status: 201 },
  example: {
    input: {
      mapping: {
        record_type: 'customer',
        subject: 'customer_id',
        fields: { given_name: { semantic: 'given_name' }, date_of_birth: { type: 'date', semantic: 'date_of_birth' } },
      },
      format: 'csv',
    },
  },
  problems: [problems.mapping_invalid],
  async run(ctx, input) {
    const parsed = parseMapping(input.mapping)
    if (!parsed.ok) {
      const errors = parsed.errors.map(({ pointer, detail }) => ({ pointer: `/mapping${pointer}`, detail }))
      throw new Problem(problems.mapping_invalid, undefined, { errors: errors.slice(0, 100) })
    }
    const recordType = await versionFor(ctx, parsed.value)
    if (recordType === undefined) return refuse(doorProblems.conflict, 'another import has just changed this record type')
    const id = ctx.newId<'import'>()
    const format = input.format ?? (input.file_name === undefined ? undefined : formatOfName(input.file_name))
    await insertImport(ctx.tx, { id, recordType: recordType.id, mapping: parsed.value, format, at: ctx.now, progress: noProgress })
    return { import_id: id, status: 'open' as const, record_type: recordType.slug, record_type_version: recordType.version, fields: [...recordType.fields] }
  },
})

/** The newest version where its fields are the mapping's, else a new one; `undefined` when another made other fields at the same moment. */
async function versionFor(ctx: TransactionContext, mapping: Mapping): Promise<RecordTypeRow | undefined> {
  const fields = fieldsOf(mapping)
  const fits = (type: RecordTypeRow | undefined) => (type !== undefined && canonicalJson(type.fields) === canonicalJson(fields) ? type : undefined)
  const newest = await newestRecordType(ctx.tx, mapping.record_type)
  const known = fits(newest)
  if (known !== undefined) return known
  const row: RecordTypeRow = {
    id: ctx.newId<'record_type'>(),
    slug: mapping.record_type,
    version: (newest?.version ?? 0) + 1,
    fields,
    subject_column: mapping.subject,
    created_at: ctx.now,
  }
  if (await insertRecordType(ctx.tx, row)) return row
  return fits(await newestRecordType(ctx.tx, mapping.record_type))
}
