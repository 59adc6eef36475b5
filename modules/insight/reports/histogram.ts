/**
 * Milliseconds in log-linear buckets, as HdrHistogram has them: every power of two is cut into sixteen equal parts, so a bucket is
 * at most a sixteenth of its value wide, and below 32 ms each millisecond has its own. Whole numbers only, so that every machine
 * counts alike and two histograms are added bucket by bucket.
 */

const parts = 16
/** Two to the power of 20 ms are some 17 minutes; whatever took longer lies in the last bucket. */
const longestMs = 2 ** 20 - 1

export function bucketOf(ms: number): number {
  const value = Math.min(Math.max(0, Math.floor(ms)), longestMs)
  if (value < parts) return value
  const power = 31 - Math.clz32(value)
  return parts * (power - 3) + ((value >>> (power - 4)) & (parts - 1))
}

/** The smallest and the largest number of milliseconds that falls into the bucket. */
export function rangeOf(bucket: number): { readonly low: number; readonly high: number } {
  if (bucket < parts) return { low: bucket, high: bucket }
  const power = Math.floor(bucket / parts) + 3
  const width = 2 ** (power - 4)
  const low = 2 ** power + (bucket % parts) * width
  return { low, high: low + width - 1 }
}

/** Number of acts by bucket. */
export type Histogram = ReadonlyMap<number, number>

/**
 * The value that the given share of the acts did not exceed: the nearest-rank method, answered with the middle of its bucket, so
 * off by a thirty-second at most. `null` for no acts.
 */
export function quantile(histogram: Histogram, share: number): number | null {
  const buckets = [...histogram].filter(([, count]) => count > 0).sort(([left], [right]) => left - right)
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  const rank = Math.max(1, Math.ceil(share * total))
  let seen = 0
  for (const [bucket, count] of buckets) {
    seen += count
    if (seen >= rank) {
      const { low, high } = rangeOf(bucket)
      return (low + high) / 2
    }
  }
  return null
}
