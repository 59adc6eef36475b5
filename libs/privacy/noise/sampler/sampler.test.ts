import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RandomSource } from '../../random/random.ts'
import { seededRandom } from '../../random/seeded.ts'
import { fraction, plus, type Rational, toNumber, zero } from '../rational.ts'
import { bernoulliExp, bernoulliExpOfShare } from './bernoulli-exp.ts'
import { discreteGaussian } from './discrete-gaussian.ts'
import { discreteLaplace, discreteLaplaceVariance } from './discrete-laplace.ts'
import { geometric, type IntegerSampler } from './geometric.ts'

/** Ratio of chi-square's distance from its mean to its standard deviation, over the support with at least 20 expected draws. */
function chiSquareDeviation(sampler: IntegerSampler, probability: (x: number) => number, draws: number, seed: string): number {
  const random = seededRandom(seed)
  const counts = new Map<number, number>()
  for (let draw = 0; draw < draws; draw += 1) {
    const x = Number(sampler(random))
    counts.set(x, (counts.get(x) ?? 0) + 1)
  }
  let chiSquare = 0
  let cells = 0
  let restExpected = draws
  let restSeen = draws
  for (let x = -400; x <= 400; x += 1) {
    const expected = draws * probability(x)
    if (expected < 20) continue
    const seen = counts.get(x) ?? 0
    chiSquare += (seen - expected) ** 2 / expected
    cells += 1
    restExpected -= expected
    restSeen -= seen
  }
  if (restExpected > 1) chiSquare += (restSeen - restExpected) ** 2 / restExpected
  return (chiSquare - cells) / Math.sqrt(2 * cells)
}

const laplace = (scale: number) => (x: number) => Math.tanh(1 / (2 * scale)) * Math.exp(-Math.abs(x) / scale)
const gaussian = (variance: number) => {
  let total = 0
  for (let x = -400; x <= 400; x += 1) total += Math.exp((-x * x) / (2 * variance))
  return (x: number) => Math.exp((-x * x) / (2 * variance)) / total
}

describe('samplers refuse', () => {
  it.each([0, -1, '0.0', Number.NaN, Number.POSITIVE_INFINITY])('the scale %s', (scale) => {
    for (const make of [geometric, discreteLaplace, discreteGaussian]) expect(() => make(scale)).toThrow(expect.objectContaining({ name: 'ParameterError' }))
  })

  it('a probability above one', () => {
    expect(() => bernoulliExp(seededRandom(''), -1n, 2n)).toThrow(RangeError)
    expect(() => bernoulliExp(seededRandom(''), 1n, 0n)).toThrow(RangeError)
  })
})

describe('reference figures', () => {
  it('of the discrete Laplace', () => {
    expect(laplace(1)(0)).toBeCloseTo(0.4621171573, 10)
    expect(laplace(2)(0)).toBeCloseTo(0.2449186624, 10)
    expect(discreteLaplaceVariance(fraction(1n, 1n))).toBeCloseTo(1.8413471884, 10)
    expect(discreteLaplaceVariance(fraction(2n, 1n))).toBeCloseTo(7.8353961781, 10)
  })

  it('of the discrete Gaussian', () => {
    expect(gaussian(1)(0)).toBeCloseTo(0.3989422783, 10)
    expect(gaussian(0.25)(0)).toBeCloseTo(0.786570707, 10)
    let variance = 0
    for (let x = -20; x <= 20; x += 1) variance += x * x * gaussian(0.25)(x)
    expect(variance).toBeCloseTo(0.2150126751, 10)
  })
})

describe('seeded draws against the distribution (chi-square)', () => {
  it.each([
    ['discrete Laplace, scale 1', discreteLaplace(1), laplace(1), 1_000_000],
    ['discrete Laplace, scale 2', discreteLaplace(2), laplace(2), 100_000],
    ['discrete Laplace, scale 7/3', discreteLaplace(fraction(7n, 3n)), laplace(7 / 3), 100_000],
    ['discrete Laplace, scale 1/3', discreteLaplace(fraction(1n, 3n)), laplace(1 / 3), 100_000],
    ['discrete Laplace, large fraction', discreteLaplace(fraction(3n ** 60n, 2n ** 95n)), laplace(3 ** 60 / 2 ** 95), 50_000],
    ['geometric, scale 5/2', geometric('2.5'), (x: number) => (x < 0 ? 0 : (1 - Math.exp(-0.4)) * Math.exp(-0.4 * x)), 100_000],
    ['discrete Gaussian, variance 1', discreteGaussian(1), gaussian(1), 100_000],
    ['discrete Gaussian, variance 1/4', discreteGaussian(0.25), gaussian(0.25), 100_000],
    ['discrete Gaussian, variance 30.7', discreteGaussian('30.7'), gaussian(30.7), 100_000],
  ] as const)('%s', (name, sampler, probability, draws) => {
    expect(Math.abs(chiSquareDeviation(sampler, probability, draws, name))).toBeLessThan(4)
  })

  it('tells a wrong distribution from the right one', () => {
    expect(chiSquareDeviation(discreteLaplace(1), laplace(1.02), 1_000_000, 'discrete Laplace, scale 1')).toBeGreaterThan(10)
  })

  it('both paths of exp(-p/q) agree', () => {
    const random = seededRandom('paths')
    const large = 2n ** 80n
    for (const share of [1n, 3n, 8n]) {
      let small = 0
      let big = 0
      for (let draw = 0; draw < 40_000; draw += 1) {
        if (bernoulliExp(random, share, 4n)) small += 1
        if (bernoulliExp(random, share * large, 4n * large + 1n)) big += 1
      }
      const probability = Math.exp(-Number(share) / 4)
      const deviation = Math.sqrt(40_000 * probability * (1 - probability))
      expect(Math.abs(small - 40_000 * probability)).toBeLessThan(4 * deviation)
      expect(Math.abs(big - 40_000 * probability)).toBeLessThan(4 * deviation)
    }
  })
})

/**
 * The exact law of a sampler: every sequence of its draws up to a length, each with its probability as a fraction. `range` says of how
 * many values the next draw is one, given those before. What longer sequences would lead to is `open`.
 */
function exactly(run: (random: RandomSource) => bigint | boolean, range: (drawn: readonly number[]) => number, longest: number) {
  const law = new Map<bigint | boolean, Rational>()
  let open = fraction(1n, 1n)
  const visit = (drawn: readonly number[], share: bigint): void => {
    let at = 0
    let ended = false
    const outcome = run({
      uint32() {
        const word = drawn[at]
        // Beyond the sequence the sampler gets words that end it soon; that outcome is not looked at.
        if (word === undefined) ended = true
        at += 1
        return word ?? (at % 2 === 0 ? 1 : 0)
      },
    })
    if (!ended) {
      law.set(outcome, plus(law.get(outcome) ?? zero, fraction(1n, share)))
      open = plus(open, fraction(-1n, share))
    } else if (drawn.length < longest) {
      const values = range(drawn)
      for (let value = 0; value < values; value += 1) visit([...drawn, value], share * BigInt(values))
    }
  }
  visit([], 1n)
  return { law, open }
}

describe('exact comparison in rationals', () => {
  it('the coin of exp(-1/2): its alternating series, term by term', () => {
    // Trial k draws one of k (nothing to draw for the first), then one of the denominator 2.
    const { law, open } = exactly(
      (random) => bernoulliExpOfShare(random, 1, 2),
      (drawn) => (drawn.length % 2 === 0 ? 2 : (drawn.length + 3) / 2),
      9,
    )
    expect(law.get(true)).toEqual(fraction(2329n, 3840n)) // 1 - 1/2 + 1/8 - 1/48 + 1/384 - 1/3840
    expect(law.get(false)).toEqual(fraction(151n, 384n))
    expect(open).toEqual(fraction(1n, 3840n)) // (1/2)^5 / 5!
    const low = toNumber(law.get(true)!)
    expect(Math.exp(-0.5)).toBeGreaterThan(low)
    expect(Math.exp(-0.5)).toBeLessThan(low + toNumber(open))
  })

  it('the discrete Laplace of scale 1 lies within what the sequences followed allow', () => {
    // A sign, then coins of exp(-1) whose trial k draws one of k; a coin ends with the first draw that is not 0.
    const range = (drawn: readonly number[]): number => {
      let trial = 0
      for (const value of drawn) {
        if (trial === 0) trial = 2
        else if (value === 0) trial += 1
        else trial = trial % 2 === 1 ? 2 : 0
      }
      return trial === 0 ? 2 : trial
    }
    const { law, open } = exactly(discreteLaplace(1), range, 14)
    expect(toNumber(open)).toBeLessThan(0.03)
    for (const x of [-2n, -1n, 0n, 1n, 2n]) {
      const low = toNumber(law.get(x)!)
      expect(laplace(1)(Number(x))).toBeGreaterThan(low)
      expect(laplace(1)(Number(x))).toBeLessThan(low + toNumber(open))
    }
    expect(law.get(-1n)).toEqual(law.get(1n))
  })
})

describe('properties', () => {
  it('small and large paths of the geometric give whole numbers from zero', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 70n }), fc.bigInt({ min: 1n, max: 2n ** 70n }), fc.string(), (t, s, seed) => {
        return geometric(fraction(t, s))(seededRandom(seed)) >= 0n
      }),
      { numRuns: 200 },
    )
  })
})
