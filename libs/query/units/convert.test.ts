import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conversionProblem, converter, units } from './convert.ts'

describe('units of measure', () => {
  it('refuse what is not on the list, and a mass for an amount of substance', () => {
    expect(conversionProblem('stone', 'kg')).toMatchObject({ member: 'from' })
    expect(conversionProblem('mg/dL', 'mmol/L')).toMatchObject({ member: 'to', detail: expect.stringContaining('g/L') })
    expect(conversionProblem('constructor', 'kg')).toMatchObject({ member: 'from' })
    expect(() => converter('kg', 'toString')).toThrow(RangeError)
  })

  it.each([
    ['[lb_av]', 'kg', 150, 68.0388555],
    ['Cel', '[degF]', 37, 98.6],
    ['[degF]', 'Cel', -40, -40],
    ['K', 'Cel', 0, -273.15],
    ['[in_i]', 'cm', 70, 177.8],
    ['mm[Hg]', 'kPa', 120, 15.99864],
    ['mg/dL', 'g/L', 90, 0.9],
    ['h', 'min', 1.5, 90],
  ])('%s to %s: %d is %d', (from, to, value, expected) => {
    expect(converter(from, to)(value)).toBeCloseTo(expected, 10)
  })

  it('come back to what they were', () => {
    const pairs = units.flatMap((from) => units.filter((to) => conversionProblem(from, to) === undefined).map((to) => [from, to] as const))
    fc.assert(
      fc.property(fc.constantFrom(...pairs), fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([from, to], value) => {
        expect(Math.abs(converter(to, from)(converter(from, to)(value)) - value)).toBeLessThan(1e-8 * Math.max(1, Math.abs(value)))
      }),
    )
  })
})
