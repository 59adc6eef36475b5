/** From buckets to the lines of a chart of times. Pure. */
import { type Instant, instantMs } from '@gatehouse/core/instant'
import { grainMs, pointsIn, type Span } from './grain.ts'
import { quantile } from './histogram.ts'
import { type TimedOperation, timedOperations } from './outcome.ts'

export interface Line {
  readonly key: string | null
  readonly label: string
  readonly quantile: 'p50' | 'p95' | 'p99' | 'mean' | null
  readonly total: number
  readonly values: (number | null)[]
}

const quantiles = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
] as const

export interface LatencyPoint {
  readonly at: Instant
  readonly operation: TimedOperation
  readonly bucket: number
  readonly count: number
  readonly sum_ms: number
}

/** For each operation its p50, p95, p99 and mean, in milliseconds; `null` where nothing happened. */
export function latencyLines(points: readonly LatencyPoint[], span: Span): Line[] {
  return timedOperations.flatMap((operation) => {
    const pieces = Array.from({ length: pointsIn(span) }, () => ({ buckets: new Map<number, number>(), count: 0, sumMs: 0 }))
    let total = 0
    for (const point of points) {
      if (point.operation !== operation) continue
      const piece = pieces[(instantMs(point.at) - span.fromMs) / grainMs[span.grain]]
      if (piece === undefined) continue
      piece.buckets.set(point.bucket, (piece.buckets.get(point.bucket) ?? 0) + point.count)
      piece.count += point.count
      piece.sumMs += point.sum_ms
      total += point.count
    }
    const line = (name: NonNullable<Line['quantile']>, values: (number | null)[]): Line => ({ key: operation, label: operation, quantile: name, total, values })
    return [
      ...quantiles.map(([name, share]) =>
        line(
          name,
          pieces.map(({ buckets }) => quantile(buckets, share)),
        ),
      ),
      line(
        'mean',
        pieces.map(({ count, sumMs }) => (count === 0 ? null : sumMs / count)),
      ),
    ]
  })
}
