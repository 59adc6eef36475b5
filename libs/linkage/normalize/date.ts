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
 * ISO dates always read, also with a time behind them; others only by the declared order, "3 Feb 1980" in any. The order is
 * never guessed: 03/02/1980 is two different days.
 */
export function canonicalDate(order: DateOrder | undefined): (raw: string) => Canonical {
  return (raw) => {
    const text = raw.trim()
    if (text === '') return empty
    const value = parseDate(text, order) ?? otherDate(text, order)
    if (value === undefined) return isPlaceholder(text.toLowerCase()) || /^(\d)\1{7}$/.test(text) ? placeholder : notADay
    if (isFillerDate(value)) return placeholder
    const year = Number(value.slice(0, 4))
    return year < yearMin || year > yearMax ? outOfRange : { value }
  }
}

function otherDate(text: string, order: DateOrder | undefined): string | undefined {
  const timed = isoWithTime.exec(text)?.[1]
  if (timed !== undefined) return parseDate(timed)
  const [, day = '', monthName = '', year = ''] = namedMonth.exec(text.toLowerCase()) ?? []
  const month = months.indexOf(monthName.slice(0, 3)) + 1
  if (month > 0) return parseDate(`${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`)
  const digits = order === 'dmy' || order === 'mdy' ? eightDigits.exec(text) : null
  return digits === null ? undefined : parseDate(`${digits[1]}/${digits[2]}/${digits[3]}`, order)
}
