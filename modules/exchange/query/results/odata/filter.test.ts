import type { FieldType } from '@gatehouse/tabular/field'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFilter } from './filter.ts'

const types: Readonly<Record<string, FieldType>> = { town: 'string', age: 'integer', well: 'boolean', seen: 'date', at: 'instant', not_here: 'string' }
const typeOf = (column: string) => (Object.hasOwn(types, column) ? types[column] : undefined)
const meant = (text: string) => {
  const read = parseFilter(text, typeOf)
  return read.ok ? read.predicate : read.detail
}

describe('a filter of a feed', () => {
  it.each([
    "town eq 'a'; DROP TABLE query.result",
    "town eq 'a' or 1 eq 1",
    "town eq 'a' --",
    "town eq 'a' union select 1",
    "contains(town,'a')",
    "substringof('a',town)",
    "startswith(tolower(town),'a')",
    "town eq tolower('A')",
    "town/any(x:x eq 'a')",
    "$it/town eq 'a'",
    'age add 1 eq 2',
    'age eq age',
    'town eq "a"',
    "town eq 'a",
    "town in ('a','b')",
    "constructor eq 'a'",
    "__proto__ eq 'a'",
    '_row eq 3',
    'age eq 1e999',
    "age eq '40'",
    'town eq 40',
    "startswith(age,'4')",
    "startswith(town,'')",
    'well lt true',
    'age lt null',
    'age eq 40 and',
    'and',
    '',
    '(age eq 40',
    'age eq 40)',
    'age eq 40 age eq 41',
    'age eq 40or age eq 41',
    "town eq 'a'and age eq 1",
    'at eq 2026-13-01T00:00:00Z',
    'not',
  ])('refuses %s', (text) => {
    expect(typeof meant(text)).toBe('string')
  })

  it('refuses what is nested too deep, has too many parts or is too long, and does not fall over it', () => {
    expect(meant(`${'('.repeat(1_900)}age eq 1${')'.repeat(1_900)}`)).toContain('deep')
    expect(meant(`${'not '.repeat(900)}age eq 1`)).toContain('deep')
    expect(meant(Array.from({ length: 65 }, () => 'age eq 1').join(' and '))).toContain('parts')
    expect(meant(`town eq '${'a'.repeat(4_000)}'`)).toContain('characters')
  })

  it('never throws, whatever comes', () => {
    const pieces = fc.constantFrom(
      'age',
      'town',
      ' ',
      'eq',
      'not',
      'and',
      'or',
      '(',
      ')',
      ',',
      "'",
      "''",
      '1',
      'null',
      'startswith',
      '-',
      '.',
      'T',
      ':',
      '\u0000',
      '%27',
    )
    fc.assert(fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => ['string', 'object'].includes(typeof meant(parts.join('')))))
  })

  it.each([
    ["town eq 'O''Hara'", { column: 'town', is: 'eq', value: "O'Hara" }],
    ['age ge 40', { column: 'age', is: 'ge', value: 40 }],
    ['age lt -1.5e1', { column: 'age', is: 'lt', value: -15 }],
    ['seen gt 2026-01-02', undefined],
    ['at le 2026-01-02T03:04:05+01:00', { column: 'at', is: 'le', value: '2026-01-02T02:04:05.000Z' }],
    ['well eq true', { column: 'well', is: 'eq', value: true }],
    ['town eq null', { column: 'town', missing: true }],
    ['town ne null', { column: 'town', missing: false }],
    ["startswith( town , 'No' )", { column: 'town', starts_with: 'No' }],
    // What is missing is unequal to every value in OData.
    [
      'age ne 40',
      {
        any: [
          { column: 'age', is: 'ne', value: 40 },
          { column: 'age', missing: true },
        ],
      },
    ],
    ["not_here eq 'x'", { column: 'not_here', is: 'eq', value: 'x' }],
  ])('reads %s', (text, predicate) => {
    expect(meant(text)).toEqual(predicate ?? { column: 'seen', is: 'gt', value: '2026-01-02' })
  })

  it('binds not before and, and and before or', () => {
    const [a, b, c] = [1, 2, 3].map((value) => ({ column: 'age', is: 'eq', value }))
    expect(meant('age eq 1 or age eq 2 and not age eq 3')).toEqual({ any: [a, { all: [b, { not: c }] }] })
    expect(meant('(age eq 1 or age eq 2) and age eq 3')).toEqual({ all: [{ any: [a, b] }, c] })
  })
})
