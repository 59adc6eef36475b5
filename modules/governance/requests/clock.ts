/** The statutory clock: GDPR article 12(3) counts in months. Pure. */
import type { Instant } from '@gatehouse/core/instant'

export interface Clock {
  readonly answer_months: number
  readonly extension_months: number
}

/** One month, and two further ones where that is necessary. */
export const usualClock: Clock = { answer_months: 1, extension_months: 2 }

/**
 * So many months later, at the same time of day. A month that has no such day ends with its last one, as Regulation (EEC) 1182/71
 * article 3(2)(c) has it.
 */
export function monthsAfter(at: Instant, months: number): Instant {
  const [year, month, day] = at.slice(0, 10).split('-').map(Number) as [number, number, number]
  const index = year * 12 + (month - 1) + months
  const [toYear, toMonth] = [Math.floor(index / 12), (index % 12) + 1]
  const last = Math.min(day, daysIn(toYear, toMonth))
  return `${String(toYear).padStart(4, '0')}-${pad(toMonth)}-${pad(last)}${at.slice(10)}` as Instant
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

const pad = (part: number) => String(part).padStart(2, '0')
