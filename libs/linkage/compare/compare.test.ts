import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { address, type Defined, dateOfBirth, email, exact, fullName, geo, identifier, name, number, phone, postcode, set, text } from '../model/define.ts'
import type { Form } from '../model/schema.ts'
import { columnIn, recordTable } from '../normalize/table.ts'
import { sourceOf } from '../testing/records.ts'
import { byMatrix, editDistance } from './edit-distance.ts'
import { jaroWinkler } from './jaro-winkler.ts'
import { levelFunction } from './level.ts'
import { levelsOf } from './levels.ts'
import { prepareComparison } from './prepared.ts'
import { joinTexts, textsOf } from './texts.ts'

const similarity = (left: string, right: string, atLeast = 0) => {
  const texts = textsOf([left, right])
  return jaroWinkler(texts, 0, texts, 1, atLeast)
}
const distance = (left: string, right: string, limit = 99) => {
  const texts = textsOf([left, right])
  return editDistance(texts, 0, texts, 1, limit)
}
const near = fc.string({ unit: fc.constantFrom(...'abcd'), minLength: 1, maxLength: 40 })

describe('Jaro–Winkler', () => {
  it('gives the published values', () => {
    // Winkler 1990 and 1994.
    expect(similarity('martha', 'marhta')).toBeCloseTo(0.9611, 4)
    expect(similarity('dwayne', 'duane')).toBeCloseTo(0.84, 4)
    expect(similarity('dixon', 'dicksonx')).toBeCloseTo(0.8133, 4)
    expect(similarity('müller', 'muller')).toBeCloseTo(0.9, 4)
    expect(similarity('abc', 'xyz')).toBe(0)
    expect(similarity('abc', '')).toBe(0)
  })

  it('counts code points, also beyond 16 bits', () => {
    expect(similarity('𠮷田', '𠮷野')).toBeCloseTo(similarity('ab', 'ac'), 12)
  })

  it('is symmetric, within 0 and 1, and 1 for equal values', () => {
    fc.assert(
      fc.property(near, near, (left, right) => {
        const found = similarity(left, right)
        expect(found).toBeCloseTo(similarity(right, left), 12)
        expect(found).toBeGreaterThanOrEqual(0)
        expect(found).toBeLessThanOrEqual(1)
        expect(similarity(left, left)).toBeCloseTo(1, 12)
      }),
    )
  })

  it('gives up early only where the bound is out of reach', () => {
    fc.assert(
      fc.property(near, near, fc.double({ min: 0, max: 1, noNaN: true }), (left, right, atLeast) => {
        const full = similarity(left, right)
        if (full >= atLeast) expect(similarity(left, right, atLeast)).toBe(full)
        else expect(similarity(left, right, atLeast)).toBeLessThan(atLeast)
      }),
    )
  })
})

describe('edit distance', () => {
  it('counts an exchange of neighbours as one, and edits no stretch twice', () => {
    expect(distance('smith', 'smiht')).toBe(1)
    expect(distance('ca', 'abc')).toBe(3)
    expect(distance('', 'abc')).toBe(3)
  })

  it('is the plain definition, up to the limit', () => {
    fc.assert(
      fc.property(near, near, fc.nat(6), (left, right, limit) => {
        const plain = byMatrix(textsOf([left]).units, textsOf([right]).units)
        expect(distance(left, right)).toBe(Math.min(plain, 100))
        expect(distance(left, right, limit)).toBe(Math.min(plain, limit + 1))
      }),
      { numRuns: 500 },
    )
  })
})

describe('texts', () => {
  it('join as if made at once', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.string({ unit: 'grapheme' })), (first, second) => {
        expect(joinTexts(textsOf(first), textsOf(second))).toEqual(textsOf([...first, ...second]))
      }),
    )
  })
})

/** The label of the level at which two records stand. */
function labelOf({ comparison, forms }: Defined, left: readonly (string | null)[], right: readonly (string | null)[], more: Record<string, Form> = {}): string {
  const records = [left, right].map((values) => Object.fromEntries(comparison.columns.map((column, index) => [column, values[index] ?? null])))
  const table = recordTable({ ...forms, ...more }, [sourceOf('s', records, [...comparison.columns])])
  const level = levelFunction(
    prepareComparison(
      comparison,
      comparison.columns.map((column) => columnIn(table, column)),
    ),
  )(0, 1)
  return levelsOf(comparison)[level]?.label ?? 'no such level'
}

describe('ready-made comparisons', () => {
  const cases: [string, Defined, string | null, string | null, string][] = [
    ['name', name('n'), null, 'Ada', 'missing'],
    ['name', name('n'), 'ADA', 'ada', 'same'],
    ['name', name('n'), 'Catherine', 'Cathrine', 'nearly the same'],
    ['name', name('n'), 'Robert', 'Bob', 'short form'],
    ['name', name('n'), 'Helena', 'Helmine', 'alike'],
    ['name', name('n'), 'R.', 'Robert', 'initial'],
    ['name', name('n'), 'Robert', 'Walter', 'different'],
    ['date', dateOfBirth('d', { order: 'dmy' }), '1980-02-03', '03/02/1980', 'same'],
    ['date', dateOfBirth('d'), '1980-02-03', '1980-03-02', 'one slip'],
    ['date', dateOfBirth('d'), '1980-02-03', '1980-02-08', 'one slip'],
    ['date', dateOfBirth('d'), '1980-02-21', '1980-02-12', 'one slip'],
    ['date', dateOfBirth('d'), '1980-02-03', '1980-02-27', 'two parts same'],
    ['date', dateOfBirth('d'), '1980-02-03', '1993-02-03', 'two parts same'],
    ['date', dateOfBirth('d'), '1980-12-29', '1981-01-04', 'within a year'],
    ['date', dateOfBirth('d'), '1980-12-29', '1988-01-04', 'within ten years'],
    ['date', dateOfBirth('d'), '1980-12-29', '2004-01-04', 'different'],
    ['postcode', postcode('p'), 'yo22 9aj', 'YO229AJ', 'same'],
    ['postcode', postcode('p'), 'YO22 9AJ', 'YO22 9JA', 'one slip'],
    ['postcode', postcode('p'), 'YO22 9AJ', 'YO22 4BB', 'same district'],
    ['postcode', postcode('p'), 'YO22 9AJ', 'YO1 4BB', 'same area'],
    ['postcode', postcode('p'), 'YO22 9AJ', 'B1 4BB', 'different'],
    ['postcode', postcode('p'), '2119', '2154', 'same district'],
    ['e-mail', email('e'), 'ada@one.example', 'ada@two.example', 'same name part'],
    ['e-mail', email('e'), 'ada.king@one.example', 'ada.kign@one.example', 'nearly the same'],
    ['e-mail', email('e'), 'ada@one.example', 'bert@far.test', 'different'],
    ['phone', phone('t'), '020 7946 0018', '020 7946 0019', 'one slip'],
    ['phone', phone('t'), '020 7946 0018', '0161 746 0018', 'same last six digits'],
    ['phone', phone('t'), '020 7946 0018', '0161 496 0777', 'different'],
    ['identifier', identifier('i'), '1234567', '1234576', 'one slip'],
    ['identifier', identifier('i'), '1234567', '1234891', 'different'],
    ['identifier', identifier('i'), '123456789', '123456700', 'two slips'],
    ['exact', exact('x'), 'F', 'f', 'same'],
    ['exact', exact('x'), 'F', 'M', 'different'],
    ['text', text('t'), 'Birmingham', 'Birmingham ', 'same'],
    ['text', text('t'), 'Birmingham', 'Birminghm', 'at least 0.95 alike'],
    ['text', text('t'), 'Leeds', 'Hull', 'different'],
    ['address', address('a'), '12 Acacia Avenue', '12 Acacia Ave.', 'same'],
    ['number', number('n', { bands: [1, 5] }), '10', '11', 'within 1'],
    ['number', number('n', { bands: [1, 5] }), '10', '16', 'different'],
    ['set', set('s'), 'a;b', 'b;a', 'same'],
    ['set', set('s'), 'a;b;c', 'b;a', 'at least 0.5 in common'],
    ['set', set('s'), 'a;b;c', 'a;d;e', 'some in common'],
    ['set', set('s'), 'a', 'b', 'different'],
  ]
  it.each(cases)('%s', (_, defined, left, right, label) => {
    expect(labelOf(defined, [left], [right])).toBe(label)
    expect(labelOf(defined, [right], [left])).toBe(label)
  })

  it('names in each other’s place are counted once', () => {
    const [forename, surname] = fullName('first', 'last')
    expect(labelOf(forename, ['Ada', 'King'], ['King', 'Ada'])).toBe('in the other place')
    expect(labelOf(surname, ['King', 'Ada'], ['Ada', 'King'])).toBe('missing')
    expect(labelOf(surname, ['King', 'Ada'], ['Bell', 'Ada'])).toBe('different')
    expect(labelOf(surname, ['Robert', 'Ada'], ['Bob', 'Ada'])).toBe('different')
  })

  it('geo measures along the great circle', () => {
    // Greenwich to Charing Cross: some nine kilometres.
    expect(labelOf(geo('lat', 'lon'), ['51.4779', '-0.0015'], ['51.5073', '-0.1276'])).toBe('within 10 km')
    expect(labelOf(geo('lat', 'lon'), ['51.4779', '-0.0015'], ['51.4779', '-0.0015'])).toBe('same')
    expect(labelOf(geo('lat', 'lon'), ['51.4779', '-0.0015'], ['48.85', '2.35'])).toBe('different')
    expect(labelOf(geo('lat', 'lon'), ['51.4779', null], ['48.85', '2.35'])).toBe('missing')
  })
})
