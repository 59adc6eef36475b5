/** CLKs: Dice coefficients by both backends beside a plain reference, encoding, and FEBRL4 at the default threshold. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { bytesOf, type Clks, clksFrom } from '@gatehouse/linkage/bloom/clk'
import { diceBetween, diceThresholdDefault } from '@gatehouse/linkage/bloom/compare'
import { type ClkRecord, clkEncoder } from '@gatehouse/linkage/bloom/encode'
import { type DiceBackend, diceKernel } from '@gatehouse/linkage/bloom/kernel'
import { greedyOneToOne } from '@gatehouse/linkage/bloom/pairs'
import { defineClkSchema } from '@gatehouse/linkage/bloom/schema'
import { isFault, parseAll } from '@gatehouse/tabular/push-parser'
import { recordReader } from '@gatehouse/tabular/reader'
import { type Measured, perSecond } from './measure.ts'

const febrl = new URL('../../../shared/data/linkage/', import.meta.url)
const filters = 4_000
const tableRows = 400

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

/** A quarter of all bits set. */
function randomFilters(): Clks {
  const filter = () => randomBytes(128).map((byte) => byte & (randomBytes(1)[0] as number))
  return clksFrom('bench', 1024, Array.from({ length: filters }, filter))
}

/** The loop one would write first: bytes, and a table of how many bits each has. */
function tableDice(clks: Clks): number {
  const bitsOfByte = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)
  const bytes = bytesOf(clks)
  let found = 0
  for (let left = 0; left < tableRows; left++) {
    for (let right = 0; right < filters; right++) {
      let common = 0
      for (let at = 0; at < 128; at++) common += bitsOfByte[(bytes[left * 128 + at] as number) & (bytes[right * 128 + at] as number)] as number
      if ((2 * common) / ((clks.ones[left] as number) + (clks.ones[right] as number)) >= diceThresholdDefault) found++
    }
  }
  return found
}

function people(count: number): ClkRecord[] {
  const word = (seed: number, length: number) => Array.from({ length }, (_, at) => String.fromCharCode(97 + ((seed * (at + 7) * 31 + at * at) % 26))).join('')
  return Array.from({ length: count }, (_, index) => ({
    given_name: word(index % 977, 6),
    surname: word(index % 1_999, 8),
    date_of_birth: `${1930 + (index % 80)}-0${1 + (index % 9)}-1${index % 10}`,
    street_number: String(index % 300),
    address_1: `${word(index % 701, 7)} street`,
    suburb: word(index % 499, 9),
    postcode: String(2_000 + (index % 997)),
  }))
}

function loadFebrl(file: string): ClkRecord[] {
  const items = parseAll(recordReader({ name: file, csv: { trim: true } }), [readFileSync(new URL(file, febrl))])
  return items.flatMap((item) => (isFault(item) ? [] : [item.record as ClkRecord]))
}

/** One to one at the default threshold. */
function febrlF1(): number {
  const encoder = clkEncoder(nodePrimitives, randomBytes(32), schema)
  const [left, right] = ['febrl4a.csv', 'febrl4b.csv'].map(loadFebrl) as [ClkRecord[], ClkRecord[]]
  const clks = (records: ClkRecord[]) =>
    clksFrom(
      encoder.schemaHash,
      encoder.bits,
      records.map((record) => encoder.encode(record).clk),
    )
  const links = greedyOneToOne(diceBetween(clks(left), clks(right)))
  const person = (record: ClkRecord | undefined) => record?.rec_id?.split('-')[1]
  const found = links.left.filter((record, index) => person(left[record]) === person(right[links.right[index] as number])).length
  return (2 * found) / (links.length + left.length)
}

export async function measureClk(): Promise<Measured> {
  const clks = randomFilters()
  const rate = (backend: DiceBackend) => perSecond(filters * filters, () => diceBetween(clks, clks, { backend }))
  const simd = diceKernel(1024, diceThresholdDefault).backend === 'simd' ? await rate('simd') : 0
  const plain = await rate('plain')
  const table = await perSecond(tableRows * filters, () => tableDice(clks))
  const records = people(5_000)
  const made = await perSecond(records.length, () => {
    const encoder = clkEncoder(nodePrimitives, randomBytes(32), schema)
    for (const record of records) encoder.encode(record)
  })
  const rows = [
    { figure: 'Dice of 1,024 bits, WebAssembly SIMD', 'per second and core': simd },
    { figure: 'Dice of 1,024 bits, plain JavaScript', 'per second and core': plain },
    { figure: 'Dice of 1,024 bits, bytes and a table (reference)', 'per second and core': table },
    { figure: 'CLKs of seven fields, with canonical forms and new keys', 'per second and core': made },
  ]
  const checks = [
    { name: 'CLK Dice with SIMD', value: simd, unit: '/s', bound: { min: 30_000_000 } },
    { name: 'CLK Dice without SIMD', value: plain, unit: '/s', bound: { min: 4_000_000 } },
  ]
  if (!existsSync(febrl)) return { rows, checks }
  const f1 = Number(febrlF1().toFixed(4))
  return { rows, checks: [...checks, { name: `FEBRL4 by CLKs, one to one, Dice >= ${diceThresholdDefault}`, value: f1, unit: 'F1', bound: { min: 0.96 } }] }
}
