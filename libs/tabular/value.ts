/**
 * Text to typed values and back, strictly: what cannot be kept exactly is refused and never rounded. Dates are kept as ISO 8601
 * text, because a date of birth has no time zone and a Date object would give it one.
 */
import { parseInstant } from '@gatehouse/core/instant'
import type { FieldType } from './field.ts'

/** What a cell may hold before it has a type, and what a typed value is. */
export type SourceValue = string | number | boolean | null
export type SourceRecord = Readonly<Record<string, SourceValue>>

/** How a date that is not ISO 8601 is written: 31/12/1999, 12/31/1999 or 1999/12/31 and 19991231. */
export const dateOrders = ['dmy', 'mdy', 'ymd'] as const
export type DateOrder = (typeof dateOrders)[number]

export type Typed = { readonly ok: true; readonly value: SourceValue } | { readonly ok: false; readonly expected: string }

const integerText = /^-?(0|[1-9]\d*)$/
const numberText = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?$/
const isoDate = /^(\d{4})-(\d{2})-(\d{2})$/
const orderedDates = {
  dmy: /^(?<day>\d{1,2})([/.-])(?<month>\d{1,2})\2(?<year>\d{4})$/,
  mdy: /^(?<month>\d{1,2})([/.-])(?<day>\d{1,2})\2(?<year>\d{4})$/,
  ymd: /^(?<year>\d{4})([/.-]?)(?<month>\d{2})\2(?<day>\d{2})$/,
} as const satisfies Record<DateOrder, RegExp>

const booleans = new Map([
  ['true', true],
  ['false', false],
])

/** A double carries 15 significant decimal digits through unchanged, whatever the number. */
const exactDigits = 15

/**
 * Reads one value as the type says. `expected` tells in words what was wanted and never repeats the value.
 * Numbers and booleans, as JSON carries them, are taken where the type allows them. Empty text is null.
 */
export function parseValue(source: SourceValue, type: FieldType, order?: DateOrder): Typed {
  if (source === null || source === '') return { ok: true, value: null }
  if (type === 'string') return { ok: true, value: String(source) }
  const text = String(source).trim()
  if (text === '') return { ok: true, value: null }
  switch (type) {
    case 'integer':
      return parseInteger(text)
    case 'number':
      return parseNumber(text)
    case 'boolean': {
      const value = booleans.get(text.toLowerCase())
      return value === undefined ? { ok: false, expected: 'true or false' } : { ok: true, value }
    }
    case 'date': {
      const value = parseDate(text, order)
      return value === undefined ? { ok: false, expected: expectedDate(order) } : { ok: true, value }
    }
    case 'instant': {
      const value = parseInstant(text)
      return value === undefined ? { ok: false, expected: 'an RFC 3339 time with an offset, such as 2026-11-22T09:30:00Z' } : { ok: true, value }
    }
  }
}

/** The text of a typed value; `parseValue` of it gives the value again. */
export function formatValue(value: SourceValue): string {
  return value === null ? '' : String(value)
}

/** An ISO date always reads; any other only by the declared order. A day that the calendar does not have gives `undefined`. */
export function parseDate(text: string, order?: DateOrder): string | undefined {
  const iso = isoDate.exec(text)
  if (iso) return calendarDate(iso[1], iso[2], iso[3])
  const parts = order === undefined ? undefined : orderedDates[order].exec(text)?.groups
  return parts && calendarDate(parts.year, parts.month, parts.day)
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function calendarDate(yearText = '', monthText = '', dayText = ''): string | undefined {
  const [year, month, day] = [Number(yearText), Number(monthText), Number(dayText)]
  if (day < 1 || day > (monthDays[month - 1] ?? 0)) return undefined
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (month === 2 && day === 29 && !leap) return undefined
  return `${yearText}-${monthText.padStart(2, '0')}-${dayText.padStart(2, '0')}`
}

function expectedDate(order: DateOrder | undefined): string {
  if (order === undefined) return 'a calendar date as YYYY-MM-DD, or a declared date_order'
  return `a calendar date as YYYY-MM-DD or in the order ${order}`
}

function parseInteger(text: string): Typed {
  if (!integerText.test(text)) return { ok: false, expected: 'a whole number without leading zeros or separators' }
  const value = Number(text)
  if (!Number.isSafeInteger(value)) return { ok: false, expected: 'a whole number of at most 9007199254740991; keep longer ones as string' }
  return { ok: true, value: value === 0 ? 0 : value }
}

function parseNumber(text: string): Typed {
  if (!numberText.test(text)) return { ok: false, expected: 'a number with a decimal point, without leading zeros or separators' }
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
  const value = Number(text)
  const exact = digits.length <= exactDigits || String(value) === text
  const inRange = Number.isFinite(value) && (value !== 0 || digits === '')
  if (!exact || !inRange) return { ok: false, expected: `a number of at most ${exactDigits} digits; keep longer ones as string` }
  return { ok: true, value: value === 0 ? 0 : value }
}
