/** Numbers, bytes, dates and durations in the reader's language. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
const spans = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

export interface Format {
  number(value: number): string
  /** `0.125` reads 12.5 %. */
  percent(value: number): string
  /** Decimal units: 1,000 bytes are a kilobyte. */
  bytes(value: number): string
  /** Milliseconds as the largest unit that suits: 12 ms, 3.4 s, 5 min. */
  duration(ms: number): string
  /** The calendar day. */
  day(at: string | number): string
  /** The calendar day in words, for a sentence: 3 May 2026. */
  longDay(at: string | number): string
  /** The month with its year, of an instant or of `2026-05`. */
  month(at: string): string
  /** Day and time to the second with the zone's name. */
  exact(at: string | number): string
  /** "3 minutes ago", seen from `now`. */
  relative(at: string | number, now: number): string
  list(words: readonly string[]): string
}

const made = new Map<string, Format>()

/** The formats of one language. They are kept: making an `Intl` object costs more than a thousand uses of it. */
export function formatIn(language: string): Format {
  const kept = made.get(language)
  if (kept !== undefined) return kept
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const bytes = byteUnits.map(
    (unit) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumFractionDigits: 1 }),
  )
  const span = (unit: string) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: 1 })
  const durations = { millisecond: span('millisecond'), second: span('second'), minute: span('minute'), hour: span('hour') }
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const longDay = new Intl.DateTimeFormat(language, { dateStyle: 'long' })
  const month = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric' })
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const list = new Intl.ListFormat(language)
  const format: Format = {
    number: (value) => number.format(value),
    percent: (value) => percent.format(value),
    bytes(value) {
      const step = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), byteUnits.length - 1)
      return bytes[step]?.format(value / 1000 ** step) ?? ''
    },
    duration(ms) {
      if (ms < 1_000) return durations.millisecond.format(ms)
      if (ms < 60_000) return durations.second.format(ms / 1_000)
      return ms < 3_600_000 ? durations.minute.format(ms / 60_000) : durations.hour.format(ms / 3_600_000)
    },
    day: (at) => day.format(new Date(at)),
    longDay: (at) => longDay.format(new Date(at)),
    // The middle of a month is in it wherever the reader is.
    month: (at) => month.format(new Date(/^\d{4}-\d{2}$/.test(at) ? `${at}-15` : at)),
    exact: (at) => exact.format(new Date(at)),
    relative(at, now) {
      const seconds = (new Date(at).getTime() - now) / 1000
      const [unit, size] = spans.find(([, least]) => Math.abs(seconds) >= least) ?? ['second', 1]
      return relative.format(Math.trunc(seconds / size), unit)
    },
    list: (words) => list.format(words),
  }
  made.set(language, format)
  return format
}

export function useFormat(): Format {
  const { i18n } = useTranslation()
  return useMemo(() => formatIn(i18n.language), [i18n.language])
}
