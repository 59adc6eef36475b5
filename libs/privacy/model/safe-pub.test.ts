import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random/seeded.ts'
import { exactly, exp, log, minus, over, plus, times } from './interval.ts'
import { ModelError } from './model.ts'
import { safePub } from './safe-pub.ts'
import { safePubParameters } from './safe-pub-parameters.ts'
import { releaseBySampling, type SafePubCandidate } from './safe-pub-release.ts'
import { classOf, factsOf, judge } from './testing/table.ts'

describe('intervals', () => {
  it('contain the exact result of whole fractions', () => {
    const part = fc.integer({ min: 1, max: 1_000_000 })
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        const [x, y] = [over(exactly(a), exactly(b)), over(exactly(c), exactly(d))]
        // value * denominator compared in whole numbers: x y = ac / bd, x + y = (ad + bc) / bd, x - y = (ad - bc) / bd.
        const contains = ({ low, high }: { low: number; high: number }, numerator: bigint): boolean => {
          const scale = 2 ** 60
          const [below, above] = [BigInt(Math.floor(low * scale)), BigInt(Math.ceil(high * scale))]
          const exact = numerator * BigInt(scale)
          const denominator = BigInt(b) * BigInt(d)
          return below * denominator <= exact && exact <= above * denominator
        }
        expect(contains(times(x, y), BigInt(a) * BigInt(c))).toBe(true)
        expect(contains(plus(x, y), BigInt(a) * BigInt(d) + BigInt(b) * BigInt(c))).toBe(true)
        expect(contains(minus(x, y), BigInt(a) * BigInt(d) - BigInt(b) * BigInt(c))).toBe(true)
        const back = exp(log(x))
        expect(back.low).toBeLessThanOrEqual(x.low)
        expect(back.high).toBeGreaterThanOrEqual(x.high)
      }),
    )
  })
})

/** The published delta of a k, in plain doubles: the largest tail over class sizes from k / gamma - 1 on. */
function deltaOf(k: number, epsilon: number): number {
  const beta = 1 - Math.exp(-epsilon)
  const gamma = (Math.exp(epsilon) - 1 + beta) / Math.exp(epsilon)
  let largest = 0
  for (let n = Math.max(1, Math.ceil(k / gamma - 1)); n < 3 * k + 200; n++) {
    let term = (1 - beta) ** n
    let tail = 0
    for (let j = 0; j <= n; j++) {
      if (j > gamma * n) tail += term
      term *= ((n - j) / (j + 1)) * (beta / (1 - beta))
    }
    largest = Math.max(largest, tail)
  }
  return largest
}

describe('parameters of sampling', () => {
  it.each([
    [0, 1e-5],
    [-1, 1e-5],
    [9, 1e-5],
    [Number.NaN, 1e-5],
    [1, 0],
    [1, 1],
    [1, Number.NaN],
  ])('refuses epsilon %f with delta %f', (epsilon, delta) => {
    expect(() => safePubParameters(epsilon, delta)).toThrow(ModelError)
  })

  it('epsilon 1 and delta 1e-5 need a sample of 63.2 per cent and classes of 61', () => {
    const { beta, k } = safePubParameters(1, 1e-5)
    expect(beta).toBeCloseTo(0.6321205588, 10)
    expect(beta).toBeLessThanOrEqual(1 - Math.exp(-1))
    expect(k).toBe(61)
  })

  it('k keeps delta, and k - 1 does not', () => {
    for (const [epsilon, delta] of [
      [1, 1e-5],
      [1, 1e-6],
      [0.5, 1e-5],
      [2, 1e-4],
      [0.1, 1e-3],
      [1.7, 0.01],
    ] as const) {
      const { k } = safePubParameters(epsilon, delta)
      expect(deltaOf(k, epsilon)).toBeLessThanOrEqual(delta)
      expect(deltaOf(k - 1, epsilon)).toBeGreaterThan(delta)
    }
  })

  it('stays quick at both ends of the range', () => {
    expect(safePubParameters(0.001, 1e-6).k).toBe(60)
    expect(safePubParameters(8, 1e-6).k).toBeGreaterThan(40_000)
  })

  it('as a model, asks for classes of k and for a table that has as many rows', () => {
    const model = safePub(1, 1e-5)
    expect(judge(model, factsOf([100, 100]), classOf([60, 0]))).toBe(false)
    expect(judge(model, factsOf([100, 100]), classOf([61, 0]))).toBe(true)
    expect(() => model.bind(factsOf([60]))).toThrow('every class needs 61 rows')
  })
})

describe('release by sampling', () => {
  const candidate = (detail: number, classes: readonly number[]): SafePubCandidate => ({ detail, classOf: () => Int32Array.from(classes) })
  const random = () => seededRandom('release')

  it('refuses no candidate, several without a budget for choosing, and details that are no whole numbers', () => {
    const options = { epsilon: 1, delta: 1e-5 }
    expect(() => releaseBySampling([], options, random())).toThrow(ModelError)
    expect(() => releaseBySampling([candidate(1, [0]), candidate(0, [0])], options, random())).toThrow('selectionEpsilon')
    expect(() => releaseBySampling([candidate(1, [0]), candidate(0, [0])], { ...options, selectionEpsilon: 0 }, random())).toThrow('greater than 0')
    expect(() => releaseBySampling([candidate(0.5, [0]), candidate(0, [0])], { ...options, selectionEpsilon: 1 }, random())).toThrow('whole number')
  })

  it('samples about a share of beta, and leaves out classes that the sample has fewer than k of', () => {
    const classes = Array.from({ length: 10_000 }, (_, row) => (row < 9_940 ? row % 40 : 99))
    const release = releaseBySampling([candidate(1, classes)], { epsilon: 1, delta: 1e-5 }, random())
    const deviation = Math.sqrt(9_940 * release.beta * (1 - release.beta))
    expect(Math.abs(release.rows.length - 9_940 * release.beta)).toBeLessThan(5 * deviation)
    expect([...release.rows].some((row) => row >= 9_940)).toBe(false)
    expect(release.totalEpsilon).toBe(1)
    const sizes = new Map<number, number>()
    for (const row of release.rows) sizes.set(classes[row] ?? -1, (sizes.get(classes[row] ?? -1) ?? 0) + 1)
    expect(Math.min(...sizes.values())).toBeGreaterThanOrEqual(release.k)
    expect([...release.rows]).toEqual([...release.rows].sort((a, b) => a - b))
  })

  it('chooses as the exponential mechanism does', () => {
    // Delta 0.5 needs k = 2, so classes of ceil(2 / beta) = 4 rows survive: scores 8 x 1 and 4 x 1 with a sensitivity of 4 x 1.
    const candidates = [candidate(1, [0, 0, 0, 0, 1, 1, 1, 1]), candidate(1, [0, 0, 0, 0, 1, 1, 1, 2])]
    const options = { epsilon: 1, delta: 0.5, selectionEpsilon: 2 }
    expect(safePubParameters(1, 0.5).k).toBe(2)
    const source = random()
    const draws = 4_000
    let first = 0
    for (let i = 0; i < draws; i++) if (releaseBySampling(candidates, options, source).candidate === 0) first++
    const expected = 1 / (1 + Math.exp((-2 * (8 - 4)) / (2 * 4)))
    expect(Math.abs(first / draws - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / draws))
    expect(releaseBySampling(candidates, options, source).totalEpsilon).toBe(3)
  })
})
