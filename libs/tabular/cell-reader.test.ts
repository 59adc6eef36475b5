import { describe, expect, it } from 'vitest'
import { type Cells, cellReader } from './cell-reader.ts'
import { type Column, valueAt } from './dataset.ts'
import type { FieldType } from './field.ts'
import { type DateOrder, parseValue } from './value.ts'

const field = (type: FieldType) => ({ name: 'x', type, sensitivity: 'sensitive', nullable: true }) as const
const values = (column: Column, rows: number) => Array.from({ length: rows }, (_, row) => valueAt(column, row))

function read(type: FieldType, cells: Cells, order?: DateOrder) {
  const reader = cellReader(field(type), 64, order)
  const refused: [number, string | undefined][] = []
  reader.read(cells, 0, cells.length, 0, (at, expected) => refused.push([at, expected]))
  const column = reader.take(cells.length)
  return { column, refused, values: values(column, cells.length) }
}

describe('a cell that is not of its column’s type', () => {
  it('is refused by its place with what was expected, and is missing', () => {
    expect(read('integer', [1, '02', 2.5, true])).toMatchObject({
      refused: [
        [1, expect.stringContaining('whole number')],
        [2, expect.stringContaining('whole number')],
        [3, expect.stringContaining('whole number')],
      ],
      values: [1, null, null, null],
    })
    expect(read('integer', [2 ** 53]).refused).toEqual([[0, expect.stringContaining('9007199254740991')]])
    expect(read('number', [Number.NaN, Number.POSITIVE_INFINITY]).refused).toHaveLength(2)
    expect(read('boolean', ['true', 'yes', 'yes']).refused.map(([at]) => at)).toEqual([1, 2])
  })

  it.each(['integer', 'string', 'date'] as const)('because no cell of type %s can hold it', (type) => {
    expect(read(type, [undefined]).refused).toEqual([[0, undefined]])
  })
})

describe('cells', () => {
  const cells = [null, '', ' ', '1', 1, -0, '-0', '1.50', 0.1, true, 'TRUE', '1999-12-31', '31/12/1999', '2026-11-22T10:30:00+01:00', 'York', 1e21]
  it.each(['string', 'integer', 'number', 'boolean', 'date', 'instant'] as const)('of type %s are what each of them is by itself', (type) => {
    const { refused, values } = read(type, cells, 'dmy')
    const alone = cells.map((cell) => parseValue(cell, type, 'dmy'))
    expect(values).toEqual(alone.map((typed) => (typed.ok ? typed.value : null)))
    expect(refused).toEqual(alone.flatMap((typed, at) => (typed.ok ? [] : [[at, typed.expected]])))
  })

  it('that mean one value have one code, however they are written', () => {
    const { column } = read('string', ['1', 1, '1', 2, '2'])
    expect(column).toMatchObject({ codes: Int32Array.of(0, 0, 0, 1, 1), dictionary: ['1', '2'] })
    expect(read('date', ['31/12/1999', '1999-12-31', '31/12/1999'], 'dmy').column).toMatchObject({ codes: Int32Array.of(0, 0, 0), dictionary: ['1999-12-31'] })
  })

  it('of each chunk have a dictionary of their own', () => {
    const reader = cellReader(field('string'), 4)
    const never = () => expect.unreachable()
    reader.read(['a', 'b', 'c'], 1, 2, 0, never)
    const first = reader.take(2)
    reader.read(['c'], 0, 1, 0, never)
    expect([first, reader.take(1)]).toMatchObject([{ dictionary: ['b', 'c'] }, { codes: Int32Array.of(0), dictionary: ['c'] }])
  })
})
