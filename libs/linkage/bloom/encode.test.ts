import { createHmac, hkdfSync } from 'node:crypto'
import { lengthPrefixed } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { datasetFrom } from '@gatehouse/tabular/dataset'
import { describe, expect, it } from 'vitest'
import { recordTable } from '../normalize/table.ts'
import { clksFrom, clkText, readClks } from './clk.ts'
import { type ClkOrReason, type ClkRecord, clkEncoder, clkForms } from './encode.ts'
import { gramsOf } from './gram.ts'
import { diceOf } from './kernel.ts'
import { type ClkDefinition, clkSchemaHash, defineClkSchema } from './schema.ts'

const secret = new Uint8Array(32).fill(42)
const birth = { form: 'date', order: 'ymd' } as const
const definition: ClkDefinition = {
  fields: [
    { column: 'given', form: { form: 'name' } },
    { column: 'family', form: { form: 'name' } },
    { column: 'birth', form: birth },
  ],
}
const encoder = (more: Partial<ClkDefinition> = {}, key = secret) => clkEncoder(nodePrimitives, key, defineClkSchema({ ...definition, ...more }))
const anna = { given: 'Anna', family: 'Ørsted', birth: '1980-02-03' }

function filterOf(made: ClkOrReason): Uint8Array {
  if (made.clk === undefined) throw new Error(made.because)
  return made.clk
}
const dice = (one: Uint8Array, other: Uint8Array) => diceOf(clksFrom('test', one.length * 8, [one]), 0, clksFrom('test', one.length * 8, [other]), 0)
const likeness = (made: ReturnType<typeof encoder>, one: ClkRecord, other: ClkRecord) => dice(filterOf(made.encode(one)), filterOf(made.encode(other)))

describe('n-grams', () => {
  const name = { gram: 2, positional: false, form: { form: 'name', version: 1 } } as const
  it('are counted in code points, with spaces around; in dates digits only; of sets one element after the other', () => {
    expect(gramsOf('anna', name)).toEqual([' a', 'an', 'nn', 'na', 'a '])
    expect(gramsOf('𠮷田', name)).toEqual([' 𠮷', '𠮷田', '田 '])
    expect(gramsOf('1980-02-03', { ...name, gram: 3, form: { form: 'date', version: 1 } }).slice(2, 5)).toEqual(['198', '980', '800'])
    expect(gramsOf('1980', { ...name, positional: true })).toEqual(['0 19', '1 98', '2 80'])
    expect(gramsOf('ab\u001fcd', { ...name, gram: 1, form: { form: 'set', version: 1 } })).toEqual(['a', 'b', 'c', 'd'])
    expect(gramsOf('a', { ...name, gram: 2, positional: true })).toEqual([])
  })
})

describe('making CLKs', () => {
  it('refuses a short secret without showing it', () => {
    expect(() => encoder({}, new Uint8Array(31).fill(42))).toThrow(expect.objectContaining({ code: 'weak_secret', message: expect.not.stringContaining('42') }))
  })

  it('gives a reason instead of a filter, which repeats nothing of the record', () => {
    const planted = { given: 'unknown', family: 'Plantedname', birth: '31/31/1980' }
    const reasons = [
      encoder({ fieldsMin: 2 }).encode(planted),
      encoder({ hardening: { salt: { column: 'birth', form: birth, first: 4 } } }).encode(planted),
      encoder().encode({ given: 'unknown' }),
    ].map((made) => ('because' in made ? made.because : 'a filter was made'))
    expect(reasons).toEqual([
      'fewer than 2 of its fields have a value',
      'the field that salts its filter has no value',
      'fewer than 1 of its fields have a value',
    ])
  })

  it('refuses a table without the schema’s columns', () => {
    const table = recordTable({}, [{ name: 'a', data: datasetFrom([], []) }])
    expect(() => encoder().encodeTable(table)).toThrow(expect.objectContaining({ code: 'missing_column' }))
  })

  it.each(['random', 'double'] as const)('sets exactly the bits that HMAC-SHA256 under the field’s key says (%s)', (hashing) => {
    const schema = defineClkSchema({ fields: [{ column: 'given', form: { form: 'name' }, bitsPerGram: 20 }], hashing })
    const info = lengthPrefixed([clkSchemaHash(nodePrimitives, schema), 'field given'])
    const key = Buffer.from(hkdfSync('sha256', secret, 'gatehouse/linkage/clk/v1', info, 32))
    const expected = new Uint8Array(128)
    for (const gram of [' j', 'jo', 'o ']) {
      const [first, second] = [0, 1].map((block) =>
        createHmac('sha256', key)
          .update(lengthPrefixed([Uint8Array.of(block), '', gram]))
          .digest(),
      ) as [Buffer, Buffer]
      for (let index = 0; index < 20; index++) {
        const drawn = index < 16 ? first.readUInt16BE(2 * index) : second.readUInt16BE(2 * (index - 16))
        const doubled = first.readUInt32BE(0) + index * (first.readUInt16BE(4) | 1)
        const position = (hashing === 'random' ? drawn : doubled) % 1024
        expected[position >>> 3] = (expected[position >>> 3] as number) | (1 << (position & 7))
      }
    }
    expect(filterOf(clkEncoder(nodePrimitives, secret, schema).encode({ given: 'Jo' }))).toEqual(expected)
  })

  it('makes like filters of like people, whatever the writing, and unlike ones of others', () => {
    const made = encoder()
    expect(likeness(made, anna, { given: ' ANNA', family: 'orsted', birth: '1980-02-03' })).toBe(1)
    const slip = likeness(made, anna, { ...anna, given: 'Anne' })
    expect(slip).toBeGreaterThan(0.8)
    expect(slip).toBeLessThan(1)
    expect(likeness(made, anna, { given: 'Robert', family: 'Quill', birth: '1955-11-27' })).toBeLessThan(0.45)
  })

  it('weighs a field by its bits', () => {
    const weighted = (bitsPerGram: number) =>
      encoder({ fields: definition.fields.map((field) => (field.column === 'given' ? { ...field, bitsPerGram } : field)) })
    const other = { ...anna, given: 'Robert' }
    expect(likeness(weighted(2), anna, other)).toBeGreaterThan(likeness(weighted(24), anna, other) + 0.1)
  })

  it('tells nothing across secrets or schemas: likeness falls to chance', () => {
    const mine = filterOf(encoder().encode(anna))
    for (const other of [encoder({}, new Uint8Array(32).fill(43)), encoder({ hashing: 'double' }), encoder({ fieldsMin: 2 })]) {
      expect(dice(mine, filterOf(other.encode(anna)))).toBeLessThan(0.4)
    }
  })

  it('with a salt compares only records that agree on it', () => {
    const made = encoder({ hardening: { salt: { column: 'birth', form: birth, first: 4 } } })
    expect(likeness(made, anna, { ...anna, birth: '1980-03-02' })).toBeGreaterThan(0.8)
    expect(likeness(made, anna, { ...anna, birth: '1981-02-03' })).toBeLessThan(0.4)
  })

  it('gives the same for a table as for its records, in any ranges', () => {
    const people = [anna, { given: null, family: 'unknown', birth: null }, { given: 'Bob', family: 'Smith', birth: '1990-01-02' }]
    const fields = ['given', 'family', 'birth'].map((name) => ({ name, type: 'string' as const, sensitivity: 'plain' as const, nullable: true }))
    const schema = defineClkSchema(definition)
    const table = recordTable(clkForms(schema), [{ name: 'a', data: datasetFrom(fields, people) }])
    const made = clkEncoder(nodePrimitives, secret, schema)
    const { clks, refused } = made.encodeTable(table)
    expect(clks).toEqual(
      clksFrom(
        made.schemaHash,
        1024,
        people.map((person) => made.encode(person).clk),
      ),
    )
    expect(clks.ones[1]).toBe(0)
    expect(refused).toEqual([{ because: 'fewer than 1 of its fields have a value', count: 1 }])
    expect(made.encodeTable(table, 2, 3).clks.words).toEqual(clks.words.slice(64))
  })
})

describe('a CLK as text', () => {
  const made = encoder()
  const text = clkText(made.schemaHash, filterOf(made.encode(anna)))

  it('comes back the same, empty for a record without one', () => {
    expect(readClks(made.schemaHash, 1024, [text, '', null])).toEqual(clksFrom(made.schemaHash, 1024, [made.encode(anna).clk, undefined, undefined]))
  })

  it.each([
    ['cut', (whole: string) => whole.slice(0, -4), 'malformed'],
    ['with a foreign letter', (whole: string) => `${whole.slice(0, -1)}=`, 'malformed'],
    ['of another version', (whole: string) => whole.replace('clk1', 'clk2'), 'malformed'],
    ['with more behind it', (whole: string) => `${whole}.x`, 'malformed'],
    ['of another schema', () => clkText(encoder({ fieldsMin: 2 }).schemaHash, new Uint8Array(128)), 'other_schema'],
  ])('that is %s is refused with its record and without itself', (_, change, code) => {
    const wrong = change(text)
    expect(() => readClks(made.schemaHash, 1024, [text, wrong])).toThrow(expect.objectContaining({ code, message: expect.stringContaining('record 1') }))
    expect(() => readClks(made.schemaHash, 1024, [wrong])).toThrow(expect.objectContaining({ message: expect.not.stringContaining(wrong.slice(30, 60)) }))
  })
})
