import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Derivation, derive } from './derive.ts'

const over18: Derivation = { from: 'born', how: 'age_over', years: 18 }
const band: Derivation = { from: 'born', how: 'age_band', bounds: [65, 18, 30] }
const today = '2026-11-22'

describe('nothing is claimed', () => {
  it.each(['2008', '2008-11', '22.11.2008', '2008-02-30', '2027-01-01', '1800-01-01', '', null, undefined, 20_081_122, '2008-11-22T00:00:00Z'])(
    'of an age from %s',
    (born) => {
      expect(derive(over18, { born }, today)).toBeUndefined()
      expect(derive(band, { born }, today)).toBeUndefined()
    },
  )

  it('of a field that is not there, or is inherited', () => {
    expect(derive({ from: 'name', how: 'copy' }, {}, today)).toBeUndefined()
    expect(derive({ from: 'toString', how: 'present' }, {}, today)).toBe(false)
    expect(derive({ from: 'code', how: 'is_one_of', values: ['E11'] }, { code: null }, today)).toBeUndefined()
    expect(derive({ from: 'name', how: 'copy' }, { name: { first: 'Ana' } }, today)).toBeUndefined()
  })
})

describe('an age', () => {
  it('is reached on the day', () => {
    expect(derive(over18, { born: '2008-11-23' }, today)).toBe(false)
    expect(derive(over18, { born: '2008-11-22' }, today)).toBe(true)
  })

  it('of somebody born on 29 February is reached on 1 March', () => {
    expect(derive(over18, { born: '2008-02-29' }, '2026-02-28')).toBe(false)
    expect(derive(over18, { born: '2008-02-29' }, '2026-03-01')).toBe(true)
  })

  it.each([
    ['2026-11-22', '0-17'],
    ['2008-11-23', '0-17'],
    ['2008-11-22', '18-29'],
    ['1996-11-22', '30-64'],
    ['1961-11-22', '65+'],
    ['1900-01-01', '65+'],
  ])('from %s lies in the band %s', (born, expected) => expect(derive(band, { born }, today)).toBe(expected))

  it('lies in exactly the band whose ends hold it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), (age) => {
        const text = String(derive(band, { born: `${2026 - age}-01-01` }, today))
        const [low = 0, high = Number.POSITIVE_INFINITY] = text.replace('+', '').split('-').map(Number)
        expect(age >= low && age <= high).toBe(true)
      }),
    )
  })
})

it('a field may be copied, looked for, or held against a list', () => {
  const record = { code: 'E11', empty: '', approved: true }
  expect(derive({ from: 'approved', how: 'copy' }, record, today)).toBe(true)
  expect(derive({ from: 'code', how: 'is_one_of', values: ['E10', 'E11'] }, record, today)).toBe(true)
  expect(derive({ from: 'code', how: 'is_one_of', values: ['E10'] }, record, today)).toBe(false)
  expect(derive({ from: 'code', how: 'present' }, record, today)).toBe(true)
  expect(derive({ from: 'empty', how: 'present' }, record, today)).toBe(false)
})
