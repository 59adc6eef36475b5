import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeColumn, encodeColumn } from './chunk.ts'
import { type DictionaryColumn, datasetFrom } from './dataset.ts'
import type { Field } from './field.ts'
import { PackedTextsError, packedColumn, packedTexts, withField } from './packed-texts.ts'

const field: Field = { name: 'town', type: 'string', sensitivity: 'plain', nullable: true }
const columnFrom = (values: readonly string[]) =>
  datasetFrom(
    [field],
    values.map((town) => ({ town })),
  ).columns[0] as DictionaryColumn

describe('a dictionary as bytes', () => {
  it('that is no text, or not the text of its entries, is refused when it is looked at', () => {
    const codes = Int32Array.of(0)
    const broken = { bytes: Uint8Array.of(0xc3, 0x28), lengths: Uint32Array.of(2) }
    expect(() => packedColumn(field, codes, broken).dictionary).toThrow(PackedTextsError)
    expect(() => packedColumn(field, codes, { bytes: Uint8Array.of(0x61, 0x62), lengths: Uint32Array.of(1) }).dictionary).toThrow(/do not fill/)
  })

  it('is forgotten by a column that is made of parts of another', () => {
    const read = decodeColumn(field, 2, encodeColumn(columnFrom(['York', 'Leeds']))) as DictionaryColumn
    const other: DictionaryColumn = { ...read, dictionary: ['Hull', 'Ripon'] }
    expect((decodeColumn(field, 2, encodeColumn(other)) as DictionaryColumn).dictionary).toEqual(['Hull', 'Ripon'])
  })

  it('gives the same entries whether it was strings before or is handed on under another name', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 20 }), (values) => {
        const made = columnFrom(values)
        const read = withField(decodeColumn(field, values.length, encodeColumn(made)) as DictionaryColumn, { ...field, name: 'place' })
        expect(packedTexts(read)).toEqual(packedTexts(made))
        expect([read.field.name, read.dictionary]).toEqual(['place', made.dictionary])
      }),
    )
  })
})
