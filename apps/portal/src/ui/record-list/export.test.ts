import { describe, expect, it } from 'vitest'
import type { ListColumn } from './columns.ts'
import { toCsv, toNdjson } from './export.ts'

const columns: ListColumn<Record<string, string | number | null>>[] = [
  { name: 'a', label: 'A', value: (row) => row.a ?? null },
  { name: 'b', label: 'B', value: (row) => row.b ?? null },
]

describe('the export of a list', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['@cmd', "'@cmd"],
    ['-2', "'-2"],
    ['say "x"', '"say ""x"""'],
    ['a,b', '"a,b"'],
    ['two\nlines', '"two\nlines"'],
  ])('writes the text %j as %j', (text, written) => {
    expect(toCsv([{ a: text, b: 1 }], columns)).toBe(`a,b\r\n${written},1\r\n`)
  })

  it('leaves numbers as they are, and what is missing empty', () => {
    expect(toCsv([{ a: -2, b: null }], columns)).toBe('a,b\r\n-2,\r\n')
    expect(
      toNdjson(
        [
          { a: -2, b: null },
          { a: 'x', b: 1 },
        ],
        columns,
      ),
    ).toBe('{"a":-2,"b":null}\n{"a":"x","b":1}\n')
  })
})
