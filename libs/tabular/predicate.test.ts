import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datasetFrom, rowsOf } from './dataset.ts'
import type { Field } from './field.ts'
import type { Predicate } from './predicate.ts'
import { maskOf } from './predicate-evaluate.ts'
import { columnsIn, parsePredicate, predicateProblems, splitPredicate } from './predicate-parse.ts'
import { keepRows } from './rows.ts'
import type { SourceRecord, SourceValue } from './value.ts'

const field = (name: string, type: Field['type']): Field => ({ name, type, sensitivity: 'plain', nullable: true })
const fields = [field('city', 'string'), field('age', 'integer'), field('member', 'boolean'), field('born', 'date')]

/** Row by row, straight from the words of the schema. */
function holds(predicate: Predicate, row: SourceRecord): boolean {
  if ('all' in predicate) return predicate.all.every((part) => holds(part, row))
  if ('any' in predicate) return predicate.any.some((part) => holds(part, row))
  if ('not' in predicate) return !holds(predicate.not, row)
  const value = row[predicate.column] ?? null
  if ('missing' in predicate) return (value === null) === predicate.missing
  if (value === null) return false
  if ('starts_with' in predicate) return typeof value === 'string' && value.startsWith(predicate.starts_with)
  if ('in' in predicate) return predicate.in.includes(value)
  if (typeof value !== typeof predicate.value) return predicate.is === 'ne'
  return compared(value, predicate.is, predicate.value)
}
function compared(value: NonNullable<SourceValue>, is: string, other: string | number | boolean): boolean {
  if (is === 'eq') return value === other
  if (is === 'ne') return value !== other
  const [left, right] = typeof value === 'boolean' ? [String(value), String(other)] : [value, other]
  if (is === 'lt') return left < right
  if (is === 'le') return left <= right
  return is === 'gt' ? left > right : left >= right
}

const city = fc.constantFrom('York', 'Leeds', 'L', '', 'Hull', 'hull', 'Žatec', '\u{1F600}')
const rowOf = fc.record({
  city: fc.option(city),
  age: fc.option(fc.integer({ min: -2, max: 5 })),
  member: fc.option(fc.boolean()),
  born: fc.option(fc.constantFrom('1980-01-01', '1980-12-31', '2001-02-03')),
})
const scalar = { city, age: fc.integer({ min: -2, max: 5 }), member: fc.boolean(), born: fc.constantFrom('1980-01-01', '1980-06', '2001-02-03') }
const leaf = fc.constantFrom('city', 'age', 'member', 'born').chain((column) => {
  const value: fc.Arbitrary<string | number | boolean> = scalar[column as keyof typeof scalar]
  const any = fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.oneof(city, fc.integer(), fc.boolean()) })
  return fc.oneof(
    fc.record({ column: fc.constant(column), is: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'), value: any }),
    fc.record({ column: fc.constant(column), in: fc.array(any, { minLength: 1, maxLength: 4 }) }),
    fc.record({ column: fc.constant(column), starts_with: fc.constantFrom('L', 'Le', '1980', '\u{1F600}') }),
    fc.record({ column: fc.constant(column), missing: fc.boolean() }),
  )
})
const predicates = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf as fc.Arbitrary<Predicate>,
    fc.record({ all: fc.array(tie('predicate'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('predicate'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('predicate') }),
  ),
})).predicate

describe('a predicate', () => {
  it.each([
    ['', null, ''],
    ['', { column: 'age', is: 'like', value: 1 }, ''],
    ['', { column: 'age', is: 'eq', value: 1, or: 2 }, '/or'],
    ['/cohort', { all: [{ column: 'age', missing: true }, { any: [{ column: '', missing: true }] }] }, '/cohort/all/1/any/0'],
    ['', { all: [] }, ''],
    ['', { not: { not: 7 } }, '/not/not'],
    ['', { column: 'age', in: [] }, ''],
    [
      '',
      [1].reduce(
        (deep) => deep,
        Array.from({ length: 9 }).reduce((inner: object) => ({ not: inner }), { column: 'a', missing: true }),
      ),
      '/not'.repeat(8),
    ],
  ])('is refused with the place of the fault: %s %j', (at, json, pointer) => {
    const read = parsePredicate(json, at)
    expect(read).toMatchObject({ ok: false, errors: [{ pointer }] })
  })

  it('of a hundred thousand levels is refused and does not exhaust the stack', () => {
    let deep: object = { column: 'a', missing: true }
    for (let i = 0; i < 100_000; i++) deep = { not: deep }
    expect(parsePredicate(deep)).toMatchObject({ ok: false })
  })

  it('names columns that are not there and values of another type', () => {
    const typeOf = (name: string) => fields.find((each) => each.name === name)?.type
    const predicate: Predicate = {
      all: [
        { column: 'town', missing: true },
        { not: { column: 'age', is: 'eq', value: '7' } },
        { column: 'member', is: 'lt', value: true },
        { column: 'age', starts_with: '7' },
        { column: 'born', in: ['1980-01-01', 7] },
      ],
    }
    expect(predicateProblems(predicate, typeOf, '/cohort').map(({ pointer }) => pointer)).toEqual([
      '/cohort/all/0/column',
      '/cohort/all/1/not/value',
      '/cohort/all/2/is',
      '/cohort/all/3/starts_with',
      '/cohort/all/4/in/1',
    ])
    expect(() => maskOf(predicate, datasetFrom(fields, []))).toThrow(/no column town/)
  })

  it('means the same rows as looking at each by itself', () => {
    fc.assert(
      fc.property(fc.array(rowOf, { maxLength: 30 }), predicates, (rows, predicate) => {
        const dataset = datasetFrom(fields, rows)
        expect([...maskOf(predicate, dataset)]).toEqual(rows.map((row) => (holds(predicate, row) ? 1 : 0)))
        expect([...rowsOf(keepRows(dataset, maskOf(predicate, dataset)))]).toEqual(rows.filter((row) => holds(predicate, row)))
        const { pushed, rest } = splitPredicate(predicate, ({ column }) => column !== 'city')
        if (pushed !== undefined) expect(columnsIn(pushed)).not.toContain('city')
        expect(rows.filter((row) => (pushed === undefined || holds(pushed, row)) && (rest === undefined || holds(rest, row)))).toEqual(
          rows.filter((row) => holds(predicate, row)),
        )
      }),
      { numRuns: 300 },
    )
  })
})
