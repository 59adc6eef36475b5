import type { Instant } from '@gatehouse/core/instant'
import { datasetFrom } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import type { SourceRecord } from '@gatehouse/tabular/value'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureProfile } from './measure.ts'

const now = '2026-11-22T09:30:00.000Z' as Instant
const field = (name: string, type: Field['type'] = 'string', more: Partial<Field> = {}): Field => ({
  name,
  type,
  sensitivity: 'plain',
  nullable: true,
  ...more,
})
const fields = [
  field('patient', 'string', { sensitivity: 'direct_identifier' }),
  field('ward'),
  field('age', 'integer'),
  field('admitted_on', 'date'),
  field('note', 'string', { semantic: 'free_text' }),
]
const floor = 10
const measure = (records: readonly SourceRecord[], more: { subject?: string; chunk?: number } = {}) => {
  const size = more.chunk ?? 50
  const chunks = Array.from({ length: Math.ceil(records.length / size) }, (_, index) => datasetFrom(fields, records.slice(index * size, (index + 1) * size)))
  return measureProfile(fields, chunks, { floor, subject: more.subject, identifying: new Set(), sampled: false, now })
}
const rows = (count: number, of: (index: number) => SourceRecord) => Array.from({ length: count }, (_, index) => ({ patient: `p${index}`, ...of(index) }))
const told = async (records: readonly SourceRecord[], name: string, more: { subject?: string } = {}) =>
  (await measure(records, more)).columns.find((column) => column.name === name)

describe('a profile tells nothing', () => {
  it('of a table of fewer people than the floor, however many rows they have', async () => {
    expect(await measure(rows(9, () => ({ ward: 'a' })))).toMatchObject({ rows: null, columns: [] })
    const ofNine = rows(900, (index) => ({ patient: `p${index % 9}`, ward: 'a' }))
    expect(await measure(ofNine, { subject: 'patient' })).toMatchObject({ rows: null, columns: [] })
    expect(await measure(ofNine)).toMatchObject({ rows: 900 })
  })

  it('of the value of a single person: not by an extreme, a rare category, a name or a note', async () => {
    const records = [
      ...rows(500, (index) => ({
        ward: index % 2 === 0 ? 'north' : 'south',
        age: 20 + (index % 60),
        admitted_on: `2020-01-${10 + (index % 20)}`,
        note: 'fell',
      })),
      { patient: 'Ada', ward: 'isolation', age: 113, admitted_on: '1999-05-05', note: 'the mayor' },
    ]
    const text = JSON.stringify(await measure(records))
    for (const secret of ['113', 'isolation', '1999', 'mayor', 'Ada', 'p1"', 'fell']) expect(text).not.toContain(secret)
  })

  it('of one person who has many rows: categories and bounds are counted in people', async () => {
    const records = [
      ...rows(100, (index) => ({ ward: 'north', age: 30 + (index % 10) })),
      ...rows(200, () => ({ patient: 'Ada', ward: 'isolation', age: 113 })),
    ]
    expect(JSON.stringify(await measure(records, { subject: 'patient' }))).not.toMatch(/isolation|113|110/)
    expect(JSON.stringify(await measure(records))).toContain('isolation')
  })

  it('by what is left over: a rare category takes the rarest that could be told with it', async () => {
    const records = rows(103, (index) => ({ ward: index < 3 ? 'rare' : index < 33 ? 'few' : 'most' }))
    expect(await told(records, 'ward')).toMatchObject({ categories: [{ value: 'most', share: 0.68 }], other: 0.32 })
  })

  it('by one person more or less: rows and shares are the same', async () => {
    const records = rows(1_205, (index) => ({ ward: index % 3 === 0 ? 'north' : 'south', age: index % 80 }))
    expect(await measure(records)).toEqual(await measure(records.slice(1)))
  })

  it('of who lacks a value, where fewer than the floor do', async () => {
    expect(
      await told(
        rows(100, (index) => ({ age: index < 9 ? null : 40 })),
        'age',
      ),
    ).toMatchObject({ missing: 0 })
    expect(
      await told(
        rows(100, (index) => ({ age: index < 9 ? 40 : null })),
        'age',
      ),
    ).toEqual({ name: 'age', missing: 1, distinct: 'none' })
    expect(
      await told(
        rows(100, (index) => ({ age: index < 30 ? null : 40 })),
        'age',
      ),
    ).toMatchObject({ missing: 0.3 })
  })
})

describe('a profile tells', () => {
  it('rounded rows, bands of different values, coded bounds, and common categories', async () => {
    const records = rows(2_345, (index) => ({ ward: ['north', 'south'][index % 2] ?? '', age: index % 97, admitted_on: `20${10 + (index % 10)}-06-01` }))
    const profile = await measure(records)
    expect(profile).toMatchObject({ rows: 2_300, floor, sampled: false, measured_at: now })
    expect(profile.columns).toEqual([
      { name: 'patient', missing: 0, distinct: 'more' },
      {
        name: 'ward',
        missing: 0,
        distinct: '2-10',
        categories: [
          { value: 'north', share: 0.5 },
          { value: 'south', share: 0.5 },
        ],
      },
      { name: 'age', missing: 0, distinct: '11-100', min: 0, max: 96 },
      { name: 'admitted_on', missing: 0, distinct: '2-10', min: 2010, max: 2019 },
      { name: 'note', missing: 1, distinct: 'none' },
    ])
  })

  it('bounds at or beyond which at least as many people as the floor lie', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ who: fc.integer({ min: 0, max: 40 }), age: fc.integer({ min: 0, max: 99 }) }), { minLength: 60, maxLength: 200 }),
        async (drawn) => {
          const records = drawn.map(({ who, age }) => ({ patient: `p${who}`, age }))
          const column = await told(records, 'age', { subject: 'patient' })
          const beyond = (side: (age: number) => boolean) => new Set(drawn.filter(({ age }) => side(age)).map(({ who }) => who)).size
          if (column?.min !== undefined) expect(beyond((age) => age <= (column.min as number))).toBeGreaterThanOrEqual(floor)
          if (column?.max !== undefined) expect(beyond((age) => age >= (column.max as number))).toBeGreaterThanOrEqual(floor)
        },
      ),
      { numRuns: 50 },
    )
  })
})
