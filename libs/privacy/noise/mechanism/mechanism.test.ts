import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../random/seeded.ts'
import { approximate, pure, zcdp } from '../account/loss.ts'
import { limitContributions } from './contributions.ts'
import { count } from './count.ts'
import { histogram, partitionSelection } from './histogram.ts'
import { mean } from './mean.ts'
import { parallel } from './parallel.ts'
import { quantile } from './quantile.ts'
import { randomisedResponse } from './randomised-response.ts'
import { type SelectionMethod, select } from './select.ts'
import { sum } from './sum.ts'

const code = (code: string) => expect.objectContaining({ name: 'ParameterError', code })
const ages = { lower: 0, upper: 100, step: 1 }
const average = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length
const repeat = <Value>(times: number, make: () => Value) => Array.from({ length: times }, make)

describe('a mechanism is refused', () => {
  it('with epsilon or rho of 0 or less', () => {
    for (const make of [
      () => count({ epsilon: 0 }),
      () => count({ rho: -1 }),
      () => sum(ages, { epsilon: 0 }),
      () => mean(ages, { epsilon: '-0.5' }),
      () => quantile({ ...ages, quantile: 0.5, epsilon: 0 }),
      () => histogram(['a'], { epsilon: 0 }),
      () => partitionSelection({ epsilon: 0, delta: 1e-6, people: 100 }),
      () => randomisedResponse(0, [false, true]),
      () => select({ epsilon: 0, sensitivity: 1n, utilities: () => [1n] }),
    ])
      expect(make).toThrow(code('not_positive'))
  })

  it('with delta out of range or as large as one person', () => {
    expect(() => partitionSelection({ epsilon: 1, delta: 0, people: 100 })).toThrow(code('delta_out_of_range'))
    expect(() => partitionSelection({ epsilon: 1, delta: 1.5, people: 100 })).toThrow(code('delta_out_of_range'))
    expect(() => partitionSelection({ epsilon: 1, delta: 0.01, people: 100 })).toThrow(code('delta_too_large'))
  })

  it('with reversed bounds, or a grid that does not meet them', () => {
    expect(() => sum({ lower: 10, upper: 0, step: 1 }, { epsilon: 1 })).toThrow(code('bounds_reversed'))
    expect(() => sum({ lower: 5, upper: 5, step: 1 }, { epsilon: 1 })).toThrow(code('bounds_reversed'))
    expect(() => mean({ lower: 0, upper: 1, step: 0.3 }, { epsilon: 1 })).toThrow(code('grid_not_dividing'))
    expect(() => mean({ lower: 0, upper: 1, step: 0 }, { epsilon: 1 })).toThrow(code('not_positive'))
    expect(() => sum({ lower: 0, upper: 1e9, step: 1e-9 }, { epsilon: 1 })).toThrow(code('grid_too_fine'))
    expect(() => quantile({ lower: 0, upper: 1, step: 1e-6, quantile: 0.5, epsilon: 1 })).toThrow(code('grid_too_fine'))
  })

  it('with other parameters that mean nothing', () => {
    expect(() => quantile({ ...ages, quantile: 1.1, epsilon: 1 })).toThrow(code('quantile_out_of_range'))
    expect(() => count({ epsilon: 1 }, 0)).toThrow(code('not_a_bound'))
    expect(() => histogram([], { epsilon: 1 })).toThrow(code('no_choice'))
    expect(() => histogram(['a', 'a'], { epsilon: 1 })).toThrow(code('duplicate_key'))
    expect(() => randomisedResponse(1, ['a'])).toThrow(code('no_choice'))
    expect(() => randomisedResponse(1, ['a', 'b']).measure('c', seededRandom(''))).toThrow(code('unknown_key'))
    expect(() => parallel({ keys: ['a', 'a'], keyOf: String, independentOfData: true }, count({ epsilon: 1 }))).toThrow(code('duplicate_key'))
    expect(() => limitContributions([1], () => 1, 0, seededRandom(''))).toThrow(code('not_a_bound'))
  })
})

describe('what an answer costs', () => {
  it('is what was asked for, and grows with the group', () => {
    expect(count({ epsilon: 0.1 }).privacyMap(1)).toEqual(pure(0.1))
    expect(count({ rho: 0.1 }).privacyMap(2)).toEqual(zcdp(0.4))
    expect(mean(ages, { epsilon: 0.3 }).privacyMap(1)).toEqual(pure(0.3))
    expect(partitionSelection({ epsilon: 1, delta: 1e-6, people: 100 }).privacyMap(1)).toEqual(approximate(1, 1e-6, 100))
  })

  it('of a partition is that of one part, times the parts a person lies in', () => {
    const months = { keys: ['1', '2', '3'], keyOf: (row: string) => row, independentOfData: true } as const
    expect(parallel(months, count({ epsilon: 0.1 })).privacyMap(1)).toEqual(pure(0.1))
    expect(parallel({ ...months, partsPerPerson: 2 }, count({ rho: 0.1 })).privacyMap(1)).toEqual(zcdp(0.2))
  })

  it('is worked out from the sensitivity of the bounds', () => {
    expect(sum({ lower: -20, upper: 10, step: 0.5 }, { epsilon: 1 }, 3).sensitivity).toEqual({ l1: 120n, l2Squared: 14_400n })
    expect(mean({ lower: 0, upper: 101, step: 1 }, { epsilon: 1 }).sensitivity?.l1).toBe(51n)
    expect(histogram(['a'], { epsilon: 1 }, { partitionsPerPerson: 3, rowsPerPartition: 2 }).sensitivity).toEqual({ l1: 6n, l2Squared: 12n })
  })
})

/**
 * The promise itself, on two data sets that differ by one person: no outcome may be more than e^epsilon times as frequent under one as
 * under the other. Frequencies of seeded draws, with room for four standard deviations.
 */
function keepsPromise<Data>(measure: (data: Data) => string | number, one: Data, other: Data, epsilon: number): void {
  const draws = 20_000
  const frequencies = (data: Data) => {
    const seen = new Map<string | number, number>()
    for (let draw = 0; draw < draws; draw += 1) {
      const outcome = measure(data)
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
    }
    return seen
  }
  const left = frequencies(one)
  const right = frequencies(other)
  for (const outcome of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(outcome) ?? 0, right.get(outcome) ?? 0]
    for (const [more, fewer] of [
      [a, b],
      [b, a],
    ] as const)
      expect(more, `outcome ${outcome}`).toBeLessThanOrEqual(Math.exp(epsilon) * (fewer + 4 * Math.sqrt(fewer) + 4) + 4 * Math.sqrt(more))
  }
}

describe('answers', () => {
  const random = seededRandom('answers')

  it('tell one person apart no better than epsilon allows', () => {
    keepsPromise((rows) => count({ epsilon: 1 }).measure(rows, random).value, [1, 2], [1, 2, 3], 1)
    keepsPromise((rows) => sum({ lower: 0, upper: 2, step: 1 }, { epsilon: 1 }).measure(rows, random).value, [1, 2], [1, 2, 99], 1)
    const median = quantile({ lower: 0, upper: 6, step: 1, quantile: 0.5, epsilon: 1 })
    keepsPromise((rows) => median.measure(rows, random), [1, 1, 5], [1, 1, 5, 5], 1)
    const reply = randomisedResponse(1, ['a', 'b', 'c'])
    keepsPromise((truth) => reply.measure(truth, random), 'a', 'b', 1)
  })

  it('lie around the truth by as much as they say', () => {
    for (const noise of [{ epsilon: 0.5 }, { rho: 0.125 }]) {
      const counted = repeat(4_000, () =>
        count(noise).measure(
          repeat(50, () => 0),
          random,
        ),
      )
      const deviation = counted[0]!.standardDeviation
      expect(average(counted.map((answer) => answer.value))).toBeCloseTo(50, 0)
      expect(Math.sqrt(average(counted.map((answer) => (answer.value - 50) ** 2))) / deviation).toBeCloseTo(1, 1)
      const summed = repeat(2_000, () => sum({ lower: 0, upper: 10, step: 0.25 }, noise).measure([1, 2.3, 100, Number.NaN, -5], random))
      expect(average(summed.map((answer) => answer.value))).toBeCloseTo(13.25, -1)
      expect(summed.every((answer) => Number.isInteger(answer.value * 4))).toBe(true)
    }
  })

  it('give a mean within the bounds', () => {
    const means = repeat(300, () => mean(ages, { epsilon: 1 }).measure([...repeat(500, () => 30), ...repeat(500, () => 50), Number.NaN], random))
    expect(average(means.map((answer) => answer.value))).toBeCloseTo(40, 0)
    expect(average(means.map((answer) => answer.count))).toBeCloseTo(1_000, -1)
    const alone = repeat(200, () => mean(ages, { epsilon: 0.1 }).measure([], random).value)
    expect(alone.every((value) => value >= 0 && value <= 100)).toBe(true)
  })

  it('give quantiles near the true ones, by either method', () => {
    const values = Array.from({ length: 1_000 }, (_, index) => (index * 7) % 100)
    for (const method of ['exponential', 'permute-and-flip'] as const) {
      const found = repeat(100, () => quantile({ ...ages, quantile: 0.9, epsilon: 1, method }).measure(values, random))
      expect(average(found)).toBeCloseTo(90, -1)
    }
  })

  it('choose with the probabilities of their mechanism', () => {
    const chosen = (method: SelectionMethod) => {
      const choice = select<null>({ epsilon: 2, sensitivity: 1n, method, utilities: () => [0n, 1n, 2n] })
      const counts = [0, 0, 0]
      for (let draw = 0; draw < 20_000; draw += 1) counts[choice.measure(null, random)]! += 1
      return counts.map((count) => count / 20_000)
    }
    const [a, b] = [Math.exp(-2), Math.exp(-1)]
    const exponential = [a, b, 1].map((weight) => weight / (1 + a + b))
    // All orders of the three, written out.
    const flip = [a * (1 - b / 2 - 1 / 2 + b / 3), b * (1 - a / 2 - 1 / 2 + a / 3)]
    for (const [found, expected] of [
      [chosen('exponential'), exponential],
      [chosen('permute-and-flip'), [...flip, 1 - flip[0]! - flip[1]!]],
    ] as const)
      for (const [place, share] of found.entries()) expect(Math.abs(share - expected[place]!)).toBeLessThan(0.013)
  })

  it('answer every partition known beforehand, and no other', () => {
    const found = histogram(['b', 'a', 'empty'], { epsilon: 20 }).measure(['a', 'a', 'c', 'b'], random)
    expect([...found].map(([key, { value }]) => [key, value])).toEqual([
      ['b', 1],
      ['a', 2],
      ['empty', 0],
    ])
  })

  it('tell keys of the data only above the threshold, sorted', () => {
    const selection = partitionSelection({ epsilon: 1, delta: 1e-6, people: 1_000 })
    // P(X >= 14) = e^-14 / (1 + e^-1) = 6.1e-7, P(X >= 13) = 1.7e-6.
    expect(selection.threshold).toBe(15)
    const rows = [...repeat(80, () => 'z'), ...repeat(60, () => 'b'), 'alone']
    expect([...selection.measure(rows, random).keys()]).toEqual(['b', 'z'])
    const wide = partitionSelection({ epsilon: 1, delta: 1e-6, people: 1_000, partitionsPerPerson: 2, rowsPerPartition: 3 })
    expect(wide.threshold).toBeGreaterThan(6 * 14)
  })

  it('put thresholds where the tail first falls under delta', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 5, noNaN: true }), fc.integer({ min: 3, max: 12 }), (epsilon, exponent) => {
        const x = partitionSelection({ epsilon, delta: 10 ** -exponent, people: 10 }).threshold - 1
        const tail = (at: number) => Math.exp(-at * epsilon) / (1 + Math.exp(-epsilon))
        return tail(x) <= 10 ** -exponent && (x === 1 || tail(x - 1) > 10 ** -exponent * (1 - 1e-9))
      }),
    )
  })

  it('estimate frequencies behind deniable reports', () => {
    const mechanism = randomisedResponse(1, ['a', 'b', 'c'])
    const reports = [...repeat(12_000, () => 'a'), ...repeat(6_000, () => 'b')].map((truth) => mechanism.measure(truth, random))
    const estimate = mechanism.estimate(reports)
    expect(Math.abs(estimate.get('a')! - 12_000)).toBeLessThan(600)
    expect(Math.abs(estimate.get('c')!)).toBeLessThan(600)
    expect([...estimate.values()].reduce((total, value) => total + value)).toBeCloseTo(18_000, 6)
  })

  it('ask each part of a declared partition, empty ones too', () => {
    const byPlace = parallel({ keys: ['x', 'y'], keyOf: (row: string) => row, independentOfData: true }, count({ epsilon: 30 }))
    expect([...byPlace.measure(['x', 'x', 'other'], random)].map(([key, { value }]) => [key, value])).toEqual([
      ['x', 2],
      ['y', 0],
    ])
  })
})

describe('limitContributions', () => {
  it('keeps no more rows of a person than promised, and drops none needlessly', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5)), fc.integer({ min: 1, max: 4 }), fc.string(), (rows, limit, seed) => {
        const kept = limitContributions(rows, (row) => row, limit, seededRandom(seed))
        for (const person of new Set(rows)) {
          expect(kept.filter((row) => row === person)).toHaveLength(Math.min(limit, rows.filter((row) => row === person).length))
        }
      }),
    )
  })
})

describe('sums', () => {
  it('do not depend on the order of the rows, nor on rounding', () => {
    const cents = sum({ lower: -1e6, upper: 1e6, step: 0.01 }, { epsilon: 1 })
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true })), fc.string(), (values, seed) => {
        const forward = cents.measure(values, seededRandom(seed)).value
        expect(cents.measure(values.toReversed(), seededRandom(seed)).value).toBe(forward)
      }),
    )
  })
})
