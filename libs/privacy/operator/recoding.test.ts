import { columnOf } from '@gatehouse/tabular/dataset'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random/seeded.ts'
import { type OperatorSpec, operatorOf, operatorSchema, operators } from './catalogue.ts'
import { modelFamilies } from './operator.ts'
import { table, valuesOf } from './testing/tables.ts'

const people = table(
  { age: [41, 7, null, 83, 41], town: ['York', 'Leeds', 'York', null, 'Hull'], born: ['1960-12-31', null, '1971-02-01', '1960-01-01', '1999-05-05'] },
  { born: 'date' },
)

const apply = (spec: unknown, columns: string[], to = people) => {
  const read = operatorSchema.parse(spec) as OperatorSpec
  return operatorOf(read.operator).apply(to, columns, read, seededRandom('recoding'))
}

describe('the catalogue', () => {
  it('refuses what no operator is, and unknown members by name', () => {
    expect(operatorSchema.safeParse({ operator: 'magic' }).success).toBe(false)
    expect(operatorSchema.safeParse({ operator: 'rounding', to: 5, too: 1 }).error?.issues[0]?.message).toContain('"too"')
    expect(operatorSchema.safeParse({ operator: 'rounding', to: 0 }).success).toBe(false)
    expect(operatorSchema.safeParse({ operator: 'noise_addition' }).error?.issues[0]?.message).toContain('either sd or relative_sd')
  })

  it('says of each operator what it voids and what it does not hide', () => {
    for (const { disclosure, kind } of operators) {
      expect(disclosure.note, kind).toMatch(/\.$/)
      for (const role of ['quasi', 'sensitive', 'insensitive', 'identifying'] as const)
        expect(modelFamilies).toEqual(expect.arrayContaining([...disclosure.voids(role)]))
    }
    const voided = (kind: OperatorSpec['operator'], role: 'quasi' | 'sensitive') => operatorOf(kind).disclosure.voids(role)
    expect(voided('noise_addition', 'quasi')).toContain('class_size')
    expect(voided('pram', 'sensitive')).toContain('distribution')
    expect(voided('rounding', 'quasi')).toEqual(['population'])
    expect(voided('sampling', 'quasi')).toEqual(['differential_privacy'])
  })
})

describe('operators that coarsen', () => {
  it('name the column and never a value when they cannot', () => {
    expect(() => apply({ operator: 'rounding', to: 5 }, ['height'])).toThrow('rounding of height: the table has no such column; it has age, town, born')
    expect(() => apply({ operator: 'rounding', to: 5 }, ['town'])).toThrow('the column is read as string; declare its type as "integer" or "number"')
    expect(() => apply({ operator: 'top_bottom_coding', top: 1, bottom: 2 }, ['age'])).toThrow('the bottom lies above the top')
    expect(() => apply({ operator: 'row_suppression', above: 0 }, ['age'], table({ age: [1, 2] }))).toThrow('no row is left')
    expect(() => apply({ operator: 'row_suppression', above: 0 }, ['town'])).toThrow('below and above need numbers')
    expect(() => apply({ operator: 'generalisation', level: 2, hierarchy: { kind: 'suppression' } }, ['town'])).toThrow('the hierarchy ends at level 1')
    expect(() => apply({ operator: 'generalisation', level: 1, hierarchy: { kind: 'table', rows: [['York', 'North']] } }, ['town'])).toThrow(
      'does not cover "Leeds"',
    )
  })

  it('round to the nearest step, halves away from zero, and keep decimals exact', () => {
    expect(valuesOf(apply({ operator: 'rounding', to: 5 }, ['age']), 'age')).toEqual([40, 5, null, 85, 40])
    const fine = table({ x: [0.25, -0.25, 0.34, -0.04] }, { x: 'number' })
    expect(valuesOf(apply({ operator: 'rounding', to: 0.1 }, ['x'], fine), 'x')).toEqual([0.3, -0.3, 0.3, 0])
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.constantFrom(1, 5, 10, 250), (value, to) => {
        const [rounded] = valuesOf(apply({ operator: 'rounding', to }, ['x'], table({ x: [value] })), 'x') as number[]
        expect(Math.abs(rounded! - value)).toBeLessThanOrEqual(to / 2)
        expect(Math.abs(rounded! % to)).toBe(0)
      }),
    )
  })

  it('code what lies beyond a bound', () => {
    expect(valuesOf(apply({ operator: 'top_bottom_coding', top: 50, bottom: 10 }, ['age']), 'age')).toEqual([41, 10, null, 50, 41])
    const hundred = table({ x: Array.from({ length: 100 }, (_, i) => i + 1) })
    const coded = valuesOf(apply({ operator: 'top_bottom_coding', top_share: 0.05, bottom_share: 0.02 }, ['x'], hundred), 'x')
    expect([Math.min(...(coded as number[])), Math.max(...(coded as number[]))]).toEqual([2, 95])
  })

  it('generalise to a level; missing values stay missing', () => {
    const interval = { kind: 'interval', widths: [20] }
    expect(valuesOf(apply({ operator: 'generalisation', level: 1, hierarchy: interval }, ['age']), 'age')).toEqual([
      '[40, 60)',
      '[0, 20)',
      null,
      '[80, 100)',
      '[40, 60)',
    ])
    expect(valuesOf(apply({ operator: 'generalisation', level: 1, hierarchy: { kind: 'date', spans: ['year'] } }, ['born']), 'born')).toEqual([
      '1960',
      null,
      '1971',
      '1960',
      '1999',
    ])
    expect(columnOf(apply({ operator: 'generalisation', level: 1, hierarchy: interval }, ['age']), 'age').field.type).toBe('string')
  })

  it('aggregate within groups, in place or as one row each', () => {
    const wages = table({ town: ['Y', 'L', 'Y', 'Y'], wage: [10, 7, 20, null], name: ['a', 'b', 'c', 'd'] })
    const by = (named: string, rows = 'keep') => apply({ operator: 'aggregation', by: ['town'], function: named, rows }, ['wage'], wages)
    expect(valuesOf(by('mean'), 'wage')).toEqual([15, 7, 15, 15])
    expect(valuesOf(by('median'), 'wage')).toEqual([15, 7, 15, 15])
    expect(valuesOf(by('sum'), 'wage')).toEqual([30, 7, 30, 30])
    expect(valuesOf(by('count'), 'wage')).toEqual([2, 1, 2, 2])
    const narrow = by('sum', 'one_per_group')
    expect(narrow.columns.map(({ field }) => field.name)).toEqual(['town', 'wage'])
    expect(valuesOf(narrow, 'wage')).toEqual([30, 7])
    expect(
      valuesOf(apply({ operator: 'aggregation', by: ['town'], function: 'mean' }, ['wage'], table({ town: ['Y'], wage: [null] }, { wage: 'integer' })), 'wage'),
    ).toEqual([null])
  })
})

describe('operators that leave out', () => {
  it('take rows by value, by bound and by absence', () => {
    expect(valuesOf(apply({ operator: 'row_suppression', values: ['York'], missing: true }, ['town']), 'age')).toEqual([7, 41])
    expect(valuesOf(apply({ operator: 'row_suppression', above: 80, below: 10 }, ['age']), 'age')).toEqual([41, null, 41])
    expect(valuesOf(apply({ operator: 'row_suppression', values: ['41'] }, ['age']), 'age')).toEqual([7, null, 83])
  })

  it('empty listed and rare cells', () => {
    expect(valuesOf(apply({ operator: 'cell_suppression', rarer_than: 2 }, ['town']), 'town')).toEqual(['York', null, 'York', null, null])
    expect(valuesOf(apply({ operator: 'cell_suppression', rarer_than: 2, values: ['83'] }, ['age']), 'age')).toEqual([41, null, null, null, 41])
  })

  it('take whole columns', () => {
    expect(apply({ operator: 'column_suppression' }, ['age', 'born']).columns.map(({ field }) => field.name)).toEqual(['town'])
  })

  it('never change the table they are given', () => {
    const before = JSON.stringify([...['age', 'town', 'born'].map((name) => valuesOf(people, name))])
    apply({ operator: 'row_suppression', values: ['York'] }, ['town'])
    apply({ operator: 'rounding', to: 5 }, ['age'])
    expect(JSON.stringify([...['age', 'town', 'born'].map((name) => valuesOf(people, name))])).toBe(before)
  })
})
