/** When somebody is of age, and what then becomes of what guardians agreed to. Pure. */
import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'

const dayMs = 86_400_000

export interface AgeRule {
  readonly age_of_majority: number
  /** Null: what a guardian agreed to stands for as long as it says. */
  readonly confirm_within_days: number | null
}

export const usualRule: AgeRule = { age_of_majority: 18, confirm_within_days: null }

export interface ComingOfAge {
  reached(born: string, at: Instant): boolean
  /** Of age for longer than the institution lets an unconfirmed consent stand. */
  lapsed(born: string, at: Instant): boolean
}

/** Days begin where the institution is. @param timezone IANA name */
export function comingOfAge({ age_of_majority, confirm_within_days }: AgeRule, timezone: string): ComingOfAge {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const dayOf = (at: Instant) => format.format(instantMs(at))
  return {
    reached: (born, at) => dayOf(at) >= birthday(born, age_of_majority),
    lapsed: (born, at) => confirm_within_days !== null && dayOf(at) >= daysAfter(birthday(born, age_of_majority), confirm_within_days),
  }
}

/** The day on which so many years are completed. Who was born on a 29 February completes them on 1 March where the year has none. */
export function birthday(born: string, years: number): string {
  const [year, month, day] = born.split('-') as [string, string, string]
  const then = String(Number(year) + years).padStart(4, '0')
  return month === '02' && day === '29' && !isLeap(Number(then)) ? `${then}-03-01` : `${then}-${month}-${day}`
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

const daysAfter = (day: string, days: number) => instantOf(instantMs(`${day}T00:00:00.000Z` as Instant) + days * dayMs).slice(0, 10)
