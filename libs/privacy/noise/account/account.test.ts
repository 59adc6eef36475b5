import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, fraction, rational, toNumber } from '../rational.ts'
import { advancedComposition, forGroup, inMeasure, rhoWithin, zcdpToEpsilon, zcdpToEpsilonSimple } from './convert.ts'
import { analyticSigma, classicalSigma } from './gaussian.ts'
import { approximate, pure, rate, sequential, worst, zcdp } from './loss.ts'

const code = (code: string) => expect.objectContaining({ name: 'ParameterError', code })

describe('a loss is refused', () => {
  it('with epsilon or rho of 0 or less', () => {
    for (const value of [0, -0.1, '-1e-9']) {
      expect(() => pure(value)).toThrow(code('not_positive'))
      expect(() => zcdp(value)).toThrow(code('not_positive'))
      expect(() => approximate(value, 1e-9, 10)).toThrow(code('not_positive'))
    }
    expect(() => pure(Number.NaN)).toThrow(code('not_a_number'))
    expect(() => pure('1/2')).toThrow(code('not_a_number'))
    expect(() => pure('1e999999999')).toThrow(code('not_a_number'))
  })

  it('with delta out of range, or as large as one person', () => {
    for (const delta of [0, 1, -1e-9, 2]) expect(() => approximate(1, delta, 10)).toThrow(code('delta_out_of_range'))
    expect(() => approximate(1, 0.001, 1_000)).toThrow(code('delta_too_large'))
    expect(approximate(1, 0.000999, 1_000)).toBeDefined()
    expect(() => zcdpToEpsilon(1, 0)).toThrow(code('delta_out_of_range'))
  })

  it('for a group that is none, which would cost nothing', () => {
    for (const people of [0, -1, 0.5, Number.NaN]) expect(() => forGroup(pure(1), people)).toThrow(code('not_a_bound'))
    expect(() => advancedComposition(0.1, 0, 1e-6)).toThrow(code('not_a_bound'))
  })

  it('where measures would be mixed without a conversion', () => {
    expect(() => sequential('pure', [zcdp(1)])).toThrow(code('measures_differ'))
    expect(() => inMeasure('approximate', zcdp(1))).toThrow(code('measures_differ'))
    expect(() => inMeasure('pure', approximate(1, 1e-6, 10))).toThrow(code('measures_differ'))
  })
})

describe('composition', () => {
  it('adds exactly: ten times a tenth is one', () => {
    const total = sequential(
      'pure',
      Array.from({ length: 10 }, () => pure(0.1)),
    )
    expect(total).toEqual(pure(1))
  })

  it('counts the worst of parts that share nobody', () => {
    expect(worst('approximate', [approximate(1, 1e-7, 10), approximate(0.5, 1e-6, 10)])).toEqual(approximate(1, 1e-6, 10))
  })

  it('of groups', () => {
    expect(forGroup(pure(0.1), 3)).toEqual(pure('0.3'))
    expect(forGroup(zcdp(0.1), 3)).toEqual(zcdp('0.9'))
    const group = forGroup(approximate(0.1, 1e-9, 10), 3)
    expect(group.measure === 'approximate' && toNumber(group.delta)).toBeCloseTo(3e-9 * Math.exp(0.2), 18)
    expect(group.measure === 'approximate' && toNumber(group.delta)).toBeGreaterThanOrEqual(3e-9 * Math.exp(0.2))
  })
})

describe('reference figures, never below', () => {
  const atLeast = (found: number, figure: number) => {
    expect(found).toBeGreaterThanOrEqual(figure - 5.1e-11)
    expect(found).toBeCloseTo(figure, 9)
  }

  it('zCDP to (epsilon, delta)', () => {
    atLeast(zcdpToEpsilonSimple(0.5, 1e-6), 5.7565217698)
    atLeast(zcdpToEpsilon(0.5, 1e-6), 5.2215344445)
    atLeast(zcdpToEpsilonSimple(0.1, 1e-6), 2.4507880005)
    atLeast(zcdpToEpsilon(0.1, 1e-6), 2.1419389284)
  })

  it('Gaussian width', () => {
    atLeast(classicalSigma(1, 1, 1e-6), 5.2988025269)
    atLeast(analyticSigma(1, 1, 1e-6), 4.2246788893)
    expect(analyticSigma(3, 1, 1e-6)).toBeCloseTo(3 * 4.2246788893, 8)
  })

  it('advanced composition', () => {
    atLeast(advancedComposition(0.1, 100, 1e-6), 6.3082309505)
  })
})

describe('properties', () => {
  const losses = fc.double({ min: 1e-4, max: 20, noNaN: true })
  const deltas = fc.integer({ min: 2, max: 12 }).map((exponent) => 10 ** -exponent)

  it('the optimal conversion is never worse than the simple one', () => {
    fc.assert(
      fc.property(losses, deltas, (rho, delta) => zcdpToEpsilon(rho, delta) <= zcdpToEpsilonSimple(rho, delta)),
      { numRuns: 200 },
    )
  })

  it('rhoWithin stays within, and leaves less than a millionth unused', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 10, noNaN: true }), deltas, (epsilon, delta) => {
        const rho = rhoWithin(epsilon, delta)
        return zcdpToEpsilon(rho, delta) <= epsilon && zcdpToEpsilon(rho * 1.000001, delta) > epsilon
      }),
      { numRuns: 60 },
    )
  })

  it('fractions keep their order, and read decimals exactly', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), fc.bigInt(), fc.bigInt({ min: 1n }), (a, b, c, d) => {
        expect(compare(fraction(a, b), fraction(c, d))).toBe(a * d < c * b ? -1 : a * d > c * b ? 1 : 0)
      }),
    )
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(toNumber(rational(value, 'value'))).toBeCloseTo(value, 10 - Math.floor(Math.log10(Math.abs(value) + 1)))
      }),
    )
    expect(rational('1e-1', 'x')).toEqual(fraction(1n, 10n))
    expect(rate(pure(0.1))).toEqual(fraction(1n, 10n))
  })
})
