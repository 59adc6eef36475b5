/** Dates as records hold them: ISO 8601, exact, or known only to the month or year. */
import { type Instant, instantMs, instantOf, parseInstant } from '@gatehouse/core/instant'

export type ReadDate = { readonly precision: 'year' | 'month' | 'day'; readonly text: string } | { readonly precision: 'time'; readonly text: Instant }

const partialDate = /^\d{4}(-(0[1-9]|1[0-2]))?$/
const wholeDate = /^\d{4}-\d{2}-\d{2}$/

/** A time is turned to UTC, so that dates of different offsets compare. `undefined` for what is no date of the calendar. */
export function readDate(value: unknown): ReadDate | undefined {
  if (typeof value !== 'string') return undefined
  if (partialDate.test(value)) return { precision: value.length === 4 ? 'year' : 'month', text: value }
  const whole = wholeDate.test(value)
  const at = parseInstant(whole ? `${value}T00:00:00Z` : value)
  if (at === undefined) return undefined
  return whole ? { precision: 'day', text: value } : { precision: 'time', text: at }
}

const dayMs = 86_400_000
const year0001 = -62_135_596_800_000
const year9999 = 253_402_300_799_999

/** The date so many days later, or `undefined` outside the years 0001 to 9999. */
export function addDays(at: Instant, days: number): Instant | undefined {
  const ms = instantMs(at) + days * dayMs
  return ms < year0001 || ms > year9999 ? undefined : instantOf(ms)
}
