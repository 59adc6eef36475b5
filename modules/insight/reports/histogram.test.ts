import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketOf, quantile, rangeOf } from './histogram.ts'

const anyMs = fc.integer({ min: 0, max: 1_000_000 })
const histogramOf = (values: readonly number[]) => {
  const buckets = new Map<number, number>()
  for (const value of values) buckets.set(bucketOf(value), (buckets.get(bucketOf(value)) ?? 0) + 1)
  return buckets
}

describe('a bucket', () => {
  it('holds what falls into it and is at most a sixteenth wide', () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        const { low, high } = rangeOf(bucketOf(ms))
        expect(low <= ms && ms <= high).toBe(true)
        expect(high - low).toBeLessThanOrEqual(low / 16)
      }),
    )
  })

  it('follows the one before without gap or overlap, up to the longest time', () => {
    for (let bucket = 1; bucket <= bucketOf(2 ** 20 - 1); bucket++) expect(rangeOf(bucket).low).toBe(rangeOf(bucket - 1).high + 1)
    expect([bucketOf(-4), bucketOf(2 ** 40), bucketOf(2.9)]).toEqual([0, bucketOf(2 ** 20 - 1), 2])
  })
})

describe('a quantile', () => {
  it('of nothing is nothing', () => {
    expect(quantile(new Map(), 0.5)).toBeNull()
  })

  it('is that of the values themselves, but for the width of a bucket', () => {
    fc.assert(
      fc.property(fc.array(anyMs, { minLength: 1, maxLength: 200 }), fc.constantFrom(0.5, 0.95, 0.99, 1), (values, share) => {
        const sorted = values.toSorted((left, right) => left - right)
        const exact = sorted[Math.max(1, Math.ceil(share * values.length)) - 1]!
        expect(Math.abs(quantile(histogramOf(values), share)! - exact)).toBeLessThanOrEqual(exact / 32)
      }),
    )
  })
})
