import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundsOf, ChunkError, decodeColumn, encodeColumn } from './chunk.ts'
import { columnOf, datasetFrom, type NumberColumn, valueAt } from './dataset.ts'
import type { Field } from './field.ts'
import type { SourceValue } from './value.ts'

const text: Field = { name: 'a', type: 'string', sensitivity: 'plain', nullable: true }
const number: Field = { name: 'a', type: 'number', sensitivity: 'plain', nullable: true }
const columnFrom = (field: Field, values: readonly SourceValue[]) =>
  columnOf(
    datasetFrom(
      [field],
      values.map((a) => ({ a })),
    ),
    'a',
  )
const again = (field: Field, values: readonly SourceValue[]) => decodeColumn(field, values.length, encodeColumn(columnFrom(field, values)))

describe('a column as bytes', () => {
  it('is refused when it is of another type, of another count of rows, cut off or points outside itself', () => {
    const names = encodeColumn(columnFrom(text, ['York', 'Leeds', null]))
    expect(() => decodeColumn(number, 3, names)).toThrow(ChunkError)
    expect(() => decodeColumn(text, 4, names)).toThrow(/do not hold 4 rows/)
    for (let length = 0; length < names.length; length++) expect(() => decodeColumn(text, 3, names.subarray(0, length)), `${length}`).toThrow(ChunkError)
    const outside = names.slice()
    outside[outside.length - 1] = 3
    expect(() => decodeColumn(text, 3, outside)).toThrow(/outside its dictionary/)
    const shifted = names.slice()
    shifted[8] = 3
    expect(() => valueAt(decodeColumn(text, 3, shifted), 0)).toThrow(/do not fill/)
    const numbers = encodeColumn(columnFrom(number, [1, 2]))
    expect(() => decodeColumn(number, 2, numbers.subarray(0, 5))).toThrow(ChunkError)
    expect(() => decodeColumn(number, 1, Uint8Array.of(2, 3, 0, 0, 1, 1, 1))).toThrow(/3 bytes/)
  })

  it('gives back any text and any numbers exactly', () => {
    const unicode = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(fc.array(fc.option(unicode)), (values) => {
        expect(again(text, values)).toEqual(columnFrom(text, values))
      }),
    )
    const few = fc.constantFrom(0, -0, 1, -127, -128, 127, 128, -32_768, 32_767, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 0.5, 5e-324, 2 ** 53)
    fc.assert(
      fc.property(fc.array(fc.option(fc.oneof(few, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })))), (values) => {
        expect(again(number, values)).toEqual(columnFrom(number, values))
      }),
    )
  })

  it('is read from any place of a buffer, and does not change with it', () => {
    const values = [0.25, null, 3]
    const encoded = encodeColumn(columnFrom(number, values))
    const buffer = new Uint8Array(encoded.length + 3)
    buffer.set(encoded, 3)
    const column = decodeColumn(number, 3, buffer.subarray(3))
    buffer.fill(0)
    expect(column).toEqual(columnFrom(number, values))
  })

  it.each([
    ['ages', number, Array.from({ length: 1000 }, (_, i) => i % 100), 1],
    ['years', number, Array.from({ length: 1000 }, (_, i) => 1920 + (i % 100)), 2],
    ['amounts in cents', number, Array.from({ length: 1000 }, (_, i) => i * 100), 4],
    ['amounts', number, Array.from({ length: 1000 }, (_, i) => i / 8), 8],
    ['255 words', text, Array.from({ length: 1000 }, (_, i) => `w${i % 255}`), 1],
    ['256 words', text, Array.from({ length: 1000 }, (_, i) => `w${i % 256}`), 2],
  ])('takes the smallest width that holds %s', (_, field, values, width) => {
    const encoded = encodeColumn(columnFrom(field, values))
    expect(encoded[1]).toBe(width)
    expect(decodeColumn(field, values.length, encoded)).toEqual(columnFrom(field, values))
  })

  it('tells the bounds of what is there', () => {
    expect(boundsOf(columnFrom(number, [null, 3, -1]) as NumberColumn)).toEqual({ min: -1, max: 3 })
    expect(boundsOf(columnFrom(number, [null]) as NumberColumn)).toBeUndefined()
  })
})
