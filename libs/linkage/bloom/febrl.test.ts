import { existsSync, readFileSync } from 'node:fs'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { datasetFrom } from '@gatehouse/tabular/dataset'
import { isFault, parseAll } from '@gatehouse/tabular/push-parser'
import { recordReader } from '@gatehouse/tabular/reader'
import { describe, expect, it } from 'vitest'
import { recordTable } from '../normalize/table.ts'
import { diceBetween } from './compare.ts'
import { clkEncoder, clkForms } from './encode.ts'
import { greedyOneToOne } from './pairs.ts'
import { defineClkSchema } from './schema.ts'

const folder = new URL('../../../../shared/data/linkage/', import.meta.url)

/** Seven fields with the defaults; the social-security number is left out. */
const schema = defineClkSchema({
  fields: [
    { column: 'given_name', form: { form: 'name' } },
    { column: 'surname', form: { form: 'name' } },
    { column: 'date_of_birth', form: { form: 'date', order: 'ymd' } },
    { column: 'street_number', form: { form: 'identifier' } },
    { column: 'address_1', form: { form: 'address' } },
    { column: 'suburb', form: { form: 'name' } },
    { column: 'postcode', form: { form: 'postcode' } },
  ],
})

function load(file: string) {
  const records = parseAll(recordReader({ name: file, csv: { trim: true } }), [readFileSync(new URL(file, folder))]).flatMap((item) =>
    isFault(item) ? [] : [item.record],
  )
  const fields = Object.keys(records[0] ?? {}).map((name) => ({ name, type: 'string' as const, sensitivity: 'plain' as const, nullable: true }))
  const table = recordTable(clkForms(schema), [{ name: file, data: datasetFrom(fields, records) }])
  return { table, persons: records.map((record) => /^rec-(\d+)/.exec(String(record.rec_id))?.[1]) }
}

describe.skipIf(!existsSync(folder))('FEBRL4 by CLKs (skipped where the reference data is absent)', () => {
  it('reaches an F1 of 0.96 one to one at the default threshold', () => {
    const [left, right] = [load('febrl4a.csv'), load('febrl4b.csv')]
    const encoder = clkEncoder(nodePrimitives, new Uint8Array(32).fill(7), schema)
    const links = greedyOneToOne(diceBetween(encoder.encodeTable(left.table).clks, encoder.encodeTable(right.table).clks))
    const found = links.left.filter((record, index) => left.persons[record] === right.persons[links.right[index] as number]).length
    expect(found / links.length).toBeGreaterThanOrEqual(0.999)
    expect((2 * found) / (links.length + 5_000)).toBeGreaterThanOrEqual(0.96)
  })
})
