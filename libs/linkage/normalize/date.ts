import { type DateOrder, parseDate } from '@gatehouse/tabular/value'
import { absent, type Canonical, empty, placeholder } from './canonical.ts'
import { isFillerDate, isPlaceholder } from './placeholder.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const namedMonth = /^(\d{1,2})(?:st|nd|rd|th)?[\s./-]*([a-z]{3,9})\.?[\s,./-]*(\d{4})$/
const isoWithTime = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}/
const eightDigits = /^(\d{2})(\d{2})(\d{4})$/
const yearMin = 1850
const yearMax = 2150

const notADay = absent('it is no calendar date; dates that are not ISO 8601 need their order declared')
const outOfRange = absent(`its year is not between ${yearMin} and ${yearMax}`)

/**
 * ISO dates always read, also without hyphens or with a time behind them; others only by the declared order, "3 Feb 1980" in any. The order is
 * never guessed: 03/02/1980 is two different days.
 */
export function canonicalDate(order: DateOrder | undefined): (raw: string) => Canonical {
  return (raw) => {
    const text = raw.trim()
    if (text === '') return empty
    const value = parseDate(text, order) ?? otherDate(text, order)
    if (value === undefined) return isPlaceholder(text.toLowerCase()) || /^(\d)\1{7}$/.test(text) ? placeholder : notADay
    if (isFillerDate(value)) return placeholder
    return isOfLiving(value) ? { value } : outOfRange
  }
}

function isOfLiving(iso: string): boolean {
  const year = Number(iso.slice(0, 4))
  return year >= yearMin && year <= yearMax
}

function otherDate(text: string, order: DateOrder | undefined): string | undefined {
  const timed = isoWithTime.exec(text)?.[1]
  if (timed !== undefined) return parseDate(timed)
  const [, day = '', monthName = '', year = ''] = namedMonth.exec(text.toLowerCase()) ?? []
  const month = months.indexOf(monthName.slice(0, 3)) + 1
  if (month > 0) return parseDate(`${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`)
  const digits = eightDigits.exec(text)
  if (digits === null) return undefined
  const declared = order === 'dmy' || order === 'mdy' ? parseDate(`${digits[1]}/${digits[2]}/${digits[3]}`, order) : undefined
  // ISO 8601 in its basic form cannot be mistaken: no year of a living person is a month and a day.
  return declared !== undefined && isOfLiving(declared) ? declared : parseDate(text, 'ymd')
}
