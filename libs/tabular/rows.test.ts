import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datasetFrom, rowsOf } from './dataset.ts'
import type { Field } from './field.ts'
import { chunksOf, joinChunks, keepRows, takeRows } from './rows.ts'

const fields: Field[] = [
  { name: 'city', type: 'string', sensitivity: 'plain', nullable: true },
  { name: 'age', type: 'integer', sensitivity: 'plain', nullable: true },
]
const rowsArbitrary = fc.array(fc.record({ city: fc.option(fc.constantFrom('York', 'Leeds', 'Hull')), age: fc.option(fc.integer({ min: 0, max: 9 })) }), {
  maxLength: 40,
})

describe('rows of a dataset', () => {
  it('leave no value behind in the dictionary that no row has', () => {
    const dataset = datasetFrom(fields, [{ city: 'York' }, { city: 'Leeds' }, { city: 'Hull' }])
    expect(keepRows(dataset, Uint8Array.of(0, 1, 0)).columns[0]).toMatchObject({ dictionary: ['Leeds'] })
    expect([...chunksOf(dataset, 2)][1]?.columns[0]).toMatchObject({ dictionary: ['Hull'], codes: Int32Array.of(0) })
    expect(() => joinChunks([dataset, datasetFrom([...fields].reverse(), [])])).toThrow(RangeError)
  })

  it('are the same after being cut into chunks and joined, and in the order they are taken', () => {
    fc.assert(
      fc.property(rowsArbitrary, fc.integer({ min: 1, max: 7 }), (rows, size) => {
        const dataset = datasetFrom(fields, rows)
        if (rows.length > 0) expect([...rowsOf(joinChunks([...chunksOf(dataset, size)]))]).toEqual(rows)
        expect([
          ...rowsOf(
            takeRows(
              dataset,
              Int32Array.from(rows, (_, row) => rows.length - 1 - row),
            ),
          ),
        ]).toEqual(rows.toReversed())
      }),
    )
  })
})
