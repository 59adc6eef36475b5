import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvHierarchy } from './csv.ts'
import { dateHierarchy } from './date.ts'
import { HierarchyError } from './error.ts'
import { functionHierarchy } from './function.ts'
import { type Hierarchy, labelAt, suppressionHierarchy, tableHierarchy } from './hierarchy.ts'
import { intervalHierarchy } from './interval.ts'
import { maskHierarchy } from './mask.ts'
import { orderHierarchy } from './order.ts'

function refused(build: () => Hierarchy): Partial<HierarchyError> {
  try {
    build()
  } catch (error) {
    if (error instanceof HierarchyError) return error
    throw error
  }
  return {}
}

/** The labels of a leaf from the bottom up. */
function path(hierarchy: Hierarchy, value: string): string[] {
  return hierarchy.levels.map((_, level) => labelAt(hierarchy, hierarchy.values.indexOf(value), level))
}

describe('a table that is no hierarchy', () => {
  it('is empty', () => {
    expect(refused(() => tableHierarchy('age', []))).toMatchObject({ code: 'empty', attribute: 'age' })
    expect(refused(() => csvHierarchy('age', '\uFEFF\r\n'))).toMatchObject({ code: 'empty' })
  })

  it('has rows of different depth', () => {
    const rows = [
      ['1', 'low', '*'],
      ['2', '*'],
    ]
    expect(refused(() => tableHierarchy('age', rows))).toMatchObject({ code: 'uneven_depth', line: 2, value: '2' })
    expect(refused(() => csvHierarchy('age', '1;low;*\n\n2;*\n'))).toMatchObject({ code: 'uneven_depth', line: 3 })
  })

  it('names a leaf twice', () => {
    const rows = [
      ['1', '*'],
      ['1', '*'],
    ]
    expect(refused(() => tableHierarchy('age', rows))).toMatchObject({ code: 'duplicate_leaf', value: '1', line: 2 })
  })

  it('gives a group two parents, and both are named', () => {
    const rows = [
      ['1', 'low', 'young', '*'],
      ['2', 'low', 'old', '*'],
    ]
    const error = refused(() => tableHierarchy('age', rows))
    expect(error).toMatchObject({ code: 'not_monotone', attribute: 'age', level: 1, value: 'low', parents: ['young', 'old'] })
    expect(error.message).toMatch(/"low" of level 1 stands under "young" and under "old" of level 2/)
  })

  it('is a file with an open quote', () => {
    expect(refused(() => csvHierarchy('age', '"1;*\n2;*\n'))).toMatchObject({ code: 'unreadable', line: 1 })
  })
})

describe('a hierarchy file', () => {
  it.each([
    ['semicolons', 'a;x;*\nb;x;*\n'],
    ['commas', 'a,x,*\nb,x,*\n'],
    ['a byte order mark, CRLF and no last newline', '\uFEFFa;x;*\r\nb;x;*'],
    ['quotes', '"a";"x";"*"\n"b";x;*\n'],
  ])('may have %s', (_, text) => {
    const hierarchy = csvHierarchy('letter', text)
    expect([hierarchy.values, path(hierarchy, 'b')]).toEqual([
      ['a', 'b'],
      ['b', 'x', '*'],
    ])
  })

  it('may quote delimiters and newlines within values', () => {
    expect(csvHierarchy('letter', '"a;b\nc";*\n', { delimiter: ';' }).values).toEqual(['a;b\nc'])
  })

  it('may have a leaf for missing values', () => {
    expect(csvHierarchy('letter', 'a;*\n;*\n').values).toEqual(['a', ''])
  })
})

describe('builders refuse', () => {
  it.each<[string, () => Hierarchy]>([
    ['widths that do not nest', () => intervalHierarchy('age', { values: [1], widths: [5, 12] })],
    ['a width of 0', () => intervalHierarchy('age', { values: [1], widths: [0] })],
    ['a bottom at the top', () => intervalHierarchy('age', { values: [1], widths: [5], bottom: 3, top: 3 })],
    ['a fan-out of 1', () => orderHierarchy('size', { values: ['s', 'm'], fanouts: [1] })],
    ['spans that shrink', () => dateHierarchy('born', { values: ['2020-01-01'], spans: ['year', 'month'] })],
    ['mask steps that do not grow', () => maskHierarchy('code', { values: ['123'], steps: [2, 2] })],
  ])('%s', (_, build) => expect(refused(build).code).toBe('bad_option'))

  it('values that are no numbers or dates', () => {
    expect(refused(() => intervalHierarchy('age', { values: [Number.NaN], widths: [5] })).code).toBe('bad_value')
    expect(refused(() => dateHierarchy('born', { values: ['2020-13-01'], spans: ['year'] }))).toMatchObject({ code: 'bad_value', line: 1 })
  })

  it('functions that split what was joined', () => {
    const error = refused(() => functionHierarchy('n', ['1', '2'], [() => 'all', (value) => value]))
    expect(error).toMatchObject({ code: 'not_monotone', value: 'all', parents: ['1', '2'] })
  })
})

describe('builders', () => {
  it('cut numbers into intervals, with bottom and top coding', () => {
    const ages = intervalHierarchy('age', { values: [3, 17, 34, 95, ''], widths: [5, 10], bottom: 10, top: 90 })
    expect(path(ages, '34')).toEqual(['34', '[30, 35)', '[30, 40)', '*'])
    expect(path(ages, '3')).toEqual(['3', '< 10', '< 10', '*'])
    expect(path(ages, '95')).toEqual(['95', '>= 90', '>= 90', '*'])
    expect(path(ages, '')).toEqual(['', '', '', '*'])
    expect(path(intervalHierarchy('x', { values: [-0.35], widths: [0.1], origin: 0.05 }), '-0.35')[1]).toBe('[-0.35, -0.25)')
  })

  it('join neighbours in an order', () => {
    const sizes = orderHierarchy('size', { values: ['xs', 's', 'm', 'l', 'xl'], fanouts: [2, 2] })
    expect([path(sizes, 's'), path(sizes, 'xl')]).toEqual([
      ['s', 'xs..s', 'xs..l', '*'],
      ['xl', 'xl', 'xl', '*'],
    ])
  })

  it('join days into spans', () => {
    const dates = dateHierarchy('born', { values: ['1987-05-09', '1987-11-30T10:00:00Z', ''], spans: ['month', 'quarter', 'year', 'decade', 'century'] })
    expect(path(dates, '1987-05-09')).toEqual(['1987-05-09', '1987-05', '1987-Q2', '1987', '1980s', '1900s', '*'])
  })

  it('mask without telling lengths', () => {
    const codes = maskHierarchy('code', { values: ['81667', '816'] })
    expect(path(codes, '81667')).toEqual(['81667', '8166*', '816**', '81***', '8****', '*****'])
    expect(path(codes, '816')).toEqual(['816', '816**', '816**', '81***', '8****', '*****'])
    expect(path(maskHierarchy('code', { values: ['12', '345'], from: 'left' }), '345')).toEqual(['345', '*45', '**5', '***'])
  })

  it('keep or suppress', () => expect(path(suppressionHierarchy('x', ['a', 'b']), 'a')).toEqual(['a', '*']))
})

describe('every hierarchy', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 60 })

  it('counts every leaf once at every level and only merges on the way up', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 2, max: 5 }), (values, width, factor) => {
        const { levels } = intervalHierarchy('n', { values, widths: [width, width * factor] })
        for (const [level, { leaves, map }] of levels.entries()) {
          expect(leaves.reduce((sum, count) => sum + count, 0)).toBe(values.length)
          const below = levels[level - 1]
          if (below) for (const [leaf, group] of map.entries()) expect(map[below.map.indexOf(below.map[leaf]!)]).toBe(group)
        }
      }),
    )
  })
})
