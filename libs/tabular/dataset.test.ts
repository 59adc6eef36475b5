import { describe, expect, it } from 'vitest'
import { columnOf, datasetBuilder, datasetFrom, rowsOf, select } from './dataset.ts'
import type { Field } from './field.ts'
import { profile } from './profile.ts'

const field = (name: string, type: Field['type']): Field => ({ name, type, sensitivity: 'plain', nullable: true })
const fields = [field('city', 'string'), field('age', 'integer'), field('member', 'boolean')]
const rows = [
  { city: 'York', age: 41, member: true },
  { city: 'Leeds', age: null, member: false },
  { city: 'York', age: 7, member: null },
  { city: null, age: 41, member: true },
]

describe('a dataset', () => {
  it('refuses what its fields do not allow, and keeps the rows it has', () => {
    expect(() => datasetBuilder([field('a', 'string'), field('a', 'date')])).toThrow(/different names/)
    const builder = datasetBuilder(fields)
    expect(() => builder.add({ town: 'York' })).toThrow(/no field town/)
    expect(() => builder.add({ city: 1 })).toThrow(/city takes a string/)
    expect(() => builder.add({ city: 'York', age: '41' })).toThrow(/age takes finite numbers/)
    expect(() => builder.add({ age: Number.NaN })).toThrow(/finite/)
    expect(() => builder.add({ member: 'true' })).toThrow(/member takes a boolean/)
    expect(builder.build()).toMatchObject({ rowCount: 0, columns: [{ dictionary: [] }, {}, { dictionary: [] }] })
    expect(() => columnOf(builder.build(), 'town')).toThrow(/no column town; it has city, age, member/)
  })

  it('gives back the rows it was made of', () => {
    expect([...rowsOf(datasetFrom(fields, rows))]).toEqual(rows)
    const many = Array.from({ length: 5_000 }, (_, i) => ({ city: `c${i % 7}`, age: i, member: i % 2 === 0 }))
    expect([...rowsOf(datasetFrom(fields, many))]).toEqual(many)
  })

  it('holds text as codes in order of appearance', () => {
    expect(columnOf(datasetFrom(fields, rows), 'city')).toMatchObject({ codes: Int32Array.of(0, 1, 0, -1), dictionary: ['York', 'Leeds'] })
  })

  it('does not change when its builder goes on', () => {
    const builder = datasetBuilder(fields)
    builder.add({ city: 'York' })
    const before = builder.build()
    builder.add({ city: 'Leeds' })
    expect([...rowsOf(before)]).toEqual([{ city: 'York', age: null, member: null }])
  })

  it('selects columns in the wanted order', () => {
    expect([...rowsOf(select(datasetFrom(fields, rows), ['age', 'city']))][0]).toEqual({ age: 41, city: 'York' })
  })
})

describe('a profile', () => {
  it('counts and gives no example', () => {
    expect(profile(datasetFrom(fields, rows))).toEqual({
      rows: 4,
      columns: [
        { name: 'city', type: 'string', missing: 1, unique: 2 },
        { name: 'age', type: 'integer', missing: 1, unique: 2, min: 7, max: 41 },
        { name: 'member', type: 'boolean', missing: 1, unique: 2 },
      ],
    })
    expect(profile(datasetFrom(fields, [{}])).columns[1]).toEqual({ name: 'age', type: 'integer', missing: 1, unique: 0 })
  })
})
