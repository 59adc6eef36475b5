import { Problem } from '@gatehouse/core/problem'
import { sensitive, slugSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { proposeFields, proposeMapping } from '@gatehouse/tabular/propose'
import { isFault, parseAll } from '@gatehouse/tabular/push-parser'
import { recordReader } from '@gatehouse/tabular/reader'
import { dateOrders, type SourceRecord } from '@gatehouse/tabular/value'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { fieldSchema, sampleLengthMax, sampleRowsMax } from '../schema.ts'

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const proposedField = fieldSchema.extend({ column: z.string(), date_order: z.enum(dateOrders).optional(), reason: z.string() })

export const propose = operation({
  name: 'vault.propose',
  summary: 'Propose a mapping from a sample of a file',
  description: 'Tells for each column which field it could become and why. A person reads and corrects it before it is used. The sample is not kept.',
  input: z.strictObject({
    /** The first lines of a CSV, NDJSON or JSON file as text, or rows as objects. */
    sample: sensitive(z.union([z.string().min(1).max(sampleLengthMax), z.array(z.record(z.string(), cell)).min(1).max(sampleRowsMax)])),
    record_type: slugSchema.default('record'),
  }),
  output: z.strictObject({
    rows: z.number().int(),
    fields: z.array(proposedField),
    subject: z.strictObject({ column: z.string(), reason: z.string() }).nullable(),
    /** Ready for /v1/vault/imports; null where no column could be proposed as the subject. */
    mapping: z.record(z.string(), z.unknown()).nullable(),
  }),
  access: { action: 'create', on: () => ({ type: 'import' }) },
  audit: { none: 'it works on what the caller sent and reads nothing' },
  http: { method: 'POST', path: '/v1/vault/propose' },
  example: { input: { sample: 'customer_id,first_name,date_of_birth\nC-1001,Ana,1980-04-12\nC-1002,Luis,1975-11-30\n', record_type: 'customer' } },
  problems: [problems.sample_empty],
  async run(_ctx, input) {
    const rows = typeof input.sample === 'string' ? rowsOf(input.sample) : input.sample
    if (rows.length === 0) throw new Problem(problems.sample_empty)
    const proposal = proposeFields(rows)
    return {
      rows: rows.length,
      fields: [...proposal.fields],
      subject: proposal.subject ?? null,
      mapping: proposal.subject === undefined ? null : { ...proposeMapping(proposal, input.record_type, proposal.subject.column) },
    }
  },
})

/** A sample is often cut in the middle of a row; rows that cannot be read are left out. */
function rowsOf(text: string): SourceRecord[] {
  return parseAll(recordReader(), [text])
    .flatMap((item) => (isFault(item) ? [] : [item.record]))
    .slice(0, sampleRowsMax)
}
