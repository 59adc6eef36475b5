import { describe, expect, it } from 'vitest'
import { barsMax, barsOf, groupings, measures } from './figures.ts'

const words = { count: 'rows', others: 'others' }
const columns = [
  { name: 'age', type: 'string', role: 'quasi' },
  { name: 'person', type: 'string', role: 'token' },
  { name: 'count', type: 'integer', role: 'figure' },
]

describe('a result as bars', () => {
  it('is neither grouped by tokens nor by its figures', () => {
    expect([groupings(columns), measures(columns)]).toEqual([['age'], ['count']])
  })

  it('counts rows, in the order of numbers, and a missing value as a dash', () => {
    const data = barsOf([{ age: '10-19' }, { age: '9' }, { age: '10-19' }, { age: null }], 'age', undefined, words)
    expect(data).toMatchObject({ x: ['–', '9', '10-19'], series: [{ name: 'rows', values: [1, 1, 2] }] })
  })

  it('adds a figure up, and leaves out what was suppressed', () => {
    expect(
      barsOf(
        [
          { age: 'a', count: 10 },
          { age: 'b', count: null },
          { age: 'a', count: 5 },
        ],
        'age',
        'count',
        words,
      ),
    ).toMatchObject({ x: ['a'], series: [{ values: [15] }] })
  })

  it('draws the largest groups, and all others as one', () => {
    const rows = Array.from({ length: barsMax + 5 }, (_, at) => ({ age: String(at), count: at < 5 ? 1 : 2 }))
    const data = barsOf(rows, 'age', 'count', words)
    expect(data.x).toHaveLength(barsMax + 1)
    expect(data).toMatchObject({ series: [{ values: expect.arrayContaining([5]) }] })
  })
})
