import { describe, expect, it } from 'vitest'
import { datasetFrom } from './dataset.ts'
import { fieldsOf, parseMapping, rowMapper } from './mapping.ts'
import { profile } from './profile.ts'
import { proposeFields, proposeMapping } from './propose.ts'
import { isFault, parseAll } from './push-parser.ts'
import { recordReader } from './reader.ts'

describe('the worked example of the README', () => {
  it('does what it says', () => {
    const items = parseAll(recordReader({ name: 'customers.csv' }), ['customer_id;dob;income\nC1;31/12/1960;42000\nC2;1/2', '/1971;n/a\n'])
    const rows = items.flatMap((item) => (isFault(item) ? [] : [item]))
    const proposal = proposeFields(rows.map((row) => row.record))
    expect(proposal.subject?.column).toBe('customer_id')
    expect(proposal.fields[1]).toMatchObject({
      type: 'date',
      date_order: 'dmy',
      reason: 'The heading says date of birth; 100 % of the values are dates, ISO or in the order dmy.',
    })
    expect(proposal.fields[2]).toMatchObject({ type: 'string' })

    const draft = proposeMapping(proposal, 'customer', 'customer_id')
    const parsed = parseMapping({ ...draft, fields: { ...draft.fields, income: { type: 'integer', semantic: 'amount' } } })
    if (!parsed.ok) throw new Error('the mapping is right')
    const mapped = rows.map(rowMapper(parsed.value))
    expect(mapped).toEqual([
      { line: 2, subject: 'C1', record: { customer_id: 'C1', dob: '1960-12-31', income: 42000 } },
      { fault: 'bad_value', line: 3, field: 'income', message: 'expected a whole number without leading zeros or separators' },
    ])
    const dataset = datasetFrom(
      fieldsOf(parsed.value),
      mapped.flatMap((row) => (isFault(row) ? [] : [row.record])),
    )
    expect(profile(dataset)).toMatchObject({ rows: 1, columns: [{}, {}, { min: 42000, max: 42000 }] })
  })
})
