import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datasetFrom } from './dataset.ts'
import type { Field } from './field.ts'
import { minimalSets, separatingSets } from './quasi-identifiers.ts'

const field = (name: string, type: Field['type'] = 'string'): Field => ({ name, type, sensitivity: 'plain', nullable: true })
const fields = [field('sex'), field('age', 'integer'), field('town')]
const table = datasetFrom(fields, [
  { sex: 'F', age: 41, town: 'York' },
  { sex: 'F', age: 41, town: 'Leeds' },
  { sex: 'M', age: 41, town: 'York' },
  { sex: 'M', age: null, town: 'York' },
])

describe('distinction and separation', () => {
  it('refuse a column that is not there, and end where a limit is reached', () => {
    expect(() => separatingSets(table, { columns: ['height'] })).toThrow(/no column height/)
    expect(separatingSets(table, { setsMax: 3 })).toMatchObject({ completeUpTo: 1, sets: { length: 3 } })
    expect(separatingSets(table, { workMax: 11 })).toEqual({ completeUpTo: 0, sets: [] })
    expect(separatingSets(datasetFrom(fields, [])).sets[0]).toMatchObject({ distinction: 0, separation: 0, uniqueRows: 0 })
  })

  it('are counted over combinations and pairs; a missing value is a value', () => {
    const { sets, completeUpTo } = separatingSets(table)
    expect(completeUpTo).toBe(3)
    const of = (...columns: string[]) => sets.find((set) => set.columns.join() === columns.join())
    expect(of('sex')).toMatchObject({ distinction: 2 / 4, separation: 4 / 6, uniqueRows: 0 })
    expect(of('age')).toMatchObject({ distinction: 2 / 4, separation: 3 / 6, uniqueRows: 1 / 4 })
    expect(of('sex', 'age', 'town')).toMatchObject({ distinction: 1, separation: 1, uniqueRows: 1 })
    expect(minimalSets({ sets, completeUpTo }, 1).map((set) => set.columns)).toEqual([['sex', 'age', 'town']])
    expect(minimalSets({ sets, completeUpTo }, 0.75).map((set) => set.columns.join())).toEqual(expect.arrayContaining(['sex,age', 'sex,town', 'age,town']))
  })

  it('equal what counting every combination by hand gives', () => {
    const row = fc.record({
      sex: fc.constantFrom('F', 'M', null),
      age: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(null)),
      town: fc.constantFrom('Y', 'L'),
    })
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 12 }), (rows) => {
        for (const { columns, distinction, separation } of separatingSets(datasetFrom(fields, rows)).sets) {
          const keys = rows.map((one) => JSON.stringify(columns.map((column) => one[column as 'sex'])))
          const differing = keys.flatMap((key, i) => keys.slice(i + 1).filter((other) => other !== key)).length
          expect(distinction).toBe(new Set(keys).size / rows.length)
          expect(separation).toBeCloseTo(differing / ((rows.length * (rows.length - 1)) / 2), 12)
        }
      }),
    )
  })
})
