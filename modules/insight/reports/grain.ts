/** The widths in which time is counted, all in UTC. Pure. */
import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'

export const grains = ['minute', 'hour', 'day'] as const
export type Grain = (typeof grains)[number]

export const grainMs: Readonly<Record<Grain, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/** Days that a grain is kept; days themselves are kept for ever. */
export const keptDays: Readonly<Record<Grain, number>> = { minute: 2, hour: 400, day: Number.POSITIVE_INFINITY }

/** The beginning of the piece of time that the moment lies in. */
export function floorTo(grain: Grain, ms: number): number {
  return Math.floor(ms / grainMs[grain]) * grainMs[grain]
}

/** The first piece of time of that grain that is kept now. It moves by whole hours, so that a minute's piece is never cut in two. */
export function keptFrom(grain: Grain, nowMs: number): number {
  return Math.max(0, floorTo('hour', nowMs) - keptDays[grain] * grainMs.day)
}

/** A span in whole pieces: `from` rounded down, `to` up. */
export interface Span {
  readonly grain: Grain
  readonly fromMs: number
  readonly toMs: number
}

export function spanOf(grain: Grain, from: Instant, to: Instant): Span {
  return { grain, fromMs: floorTo(grain, instantMs(from)), toMs: floorTo(grain, instantMs(to) + grainMs[grain] - 1) }
}

export const pointsIn = ({ grain, fromMs, toMs }: Span): number => (toMs - fromMs) / grainMs[grain]

/** The beginning of each piece. */
export const momentsIn = (span: Span): Instant[] => Array.from({ length: pointsIn(span) }, (_, index) => instantOf(span.fromMs + index * grainMs[span.grain]))

/** The finest grain that is still kept for all of the span and gives a chart a readable number of points. */
export function fittingGrain(from: Instant, to: Instant, nowMs: number): Grain {
  const spanMs = instantMs(to) - instantMs(from)
  const kept = (grain: Grain) => instantMs(from) >= keptFrom(grain, nowMs)
  if (spanMs <= 6 * grainMs.hour && kept('minute')) return 'minute'
  return spanMs <= 14 * grainMs.day && kept('hour') ? 'hour' : 'day'
}
