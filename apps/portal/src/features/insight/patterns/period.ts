/** The spans and widths of time that a reader chooses from. The node counts in UTC. */

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export type Grain = 'minute' | 'hour' | 'day'

interface Period {
  readonly ms: number
  /** The widths that are kept for so long and still can be read, the usual one first. */
  readonly grains: readonly [Grain, ...Grain[]]
}

export const periods = {
  '6h': { ms: 6 * hourMs, grains: ['minute', 'hour'] },
  '24h': { ms: dayMs, grains: ['hour', 'minute'] },
  '7d': { ms: 7 * dayMs, grains: ['hour', 'day'] },
  '30d': { ms: 30 * dayMs, grains: ['day', 'hour'] },
  '90d': { ms: 90 * dayMs, grains: ['day', 'hour'] },
  '365d': { ms: 365 * dayMs, grains: ['day'] },
} as const satisfies Record<string, Period>

export type PeriodName = keyof typeof periods
export const periodNames = Object.keys(periods) as PeriodName[]

/** An address may say anything; what is not offered is read as the usual. */
export function periodOf(text: string | undefined): PeriodName {
  return periodNames.find((name) => name === text) ?? '7d'
}

export function grainOf(period: PeriodName, text: string | undefined): Grain {
  const { grains }: Period = periods[period]
  return grains.find((grain) => grain === text) ?? grains[0]
}

/** Fields and reasons are not counted by the minute. */
export const grainOfParts = (grain: Grain): Grain => (grain === 'minute' ? 'hour' : grain)

export function spanOf(period: PeriodName, nowMs: number): { from: string; to: string } {
  return { from: new Date(nowMs - periods[period].ms).toISOString(), to: new Date(nowMs).toISOString() }
}
