import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFault, parseAll } from './push-parser.ts'
import { type Format, recordReader } from './reader.ts'
import type { SourceValue } from './value.ts'
import { recordWriter } from './writer.ts'

const text = (format: Format, columns: readonly string[], rows: readonly (readonly SourceValue[])[]): string => {
  const writer = recordWriter(format, columns, { formulaGuard: false })
  return writer.begin() + rows.map((row) => writer.row(row)).join('') + writer.end()
}

describe('a writer', () => {
  it('refuses a number that JSON cannot hold', () => {
    expect(() => text('ndjson', ['a'], [[Number.NaN]])).toThrow(/not finite/)
    expect(() => text('json', ['a'], [[Number.POSITIVE_INFINITY]])).toThrow(/not finite/)
  })

  it('writes a table without rows as one that reads back', () => {
    expect(text('csv', ['a', 'b'], [])).toBe('a,b\r\n')
    expect(text('ndjson', ['a', 'b'], [])).toBe('')
    expect(JSON.parse(text('json', ['a', 'b'], []))).toEqual([])
  })

  it('writes one record per line', () => {
    expect(text('json', ['a'], [[1], [null]])).toBe('[\n{"a":1},\n{"a":null}\n]\n')
    expect(text('ndjson', ['a"'], [[true], ['x\ny']])).toBe('{"a\\"":true}\n{"a\\"":"x\\ny"}\n')
  })

  const value = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer(), fc.boolean(), fc.constant(null))
  const rows = fc.array(fc.tuple(value, value), { maxLength: 8 })

  it.each(['ndjson', 'json'] as const)('gives back through the reader what went in: %s', (format) => {
    fc.assert(
      fc.property(rows, (table) => {
        const items = parseAll(recordReader({ format }), [text(format, ['a', 'ü'], table)])
        expect(items.map((item) => (isFault(item) ? item : [item.record.a, item.record.ü]))).toEqual(table)
      }),
    )
  })

  it('gives back through the reader what went in, as text: csv', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const items = parseAll(recordReader({ format: 'csv', csv: { delimiter: ',' } }), [text('csv', ['a', 'ü'], table)])
        const expected = table.map((row) => row.map((cell) => (cell === null ? null : String(cell))))
        expect(items.map((item) => (isFault(item) ? item : [item.record.a, item.record.ü]))).toEqual(expected)
      }),
    )
  })
})
