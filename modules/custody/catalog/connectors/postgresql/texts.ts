/** The text of values that are no numbers and no text, from their bytes in binary COPY. */
import type { PackedTexts } from '@gatehouse/tabular/packed-texts'
import type { TextWriter } from '../byte-dictionary.ts'

/** PostgreSQL counts days and times from 2000-01-01. */
const epochDays = 10_957
const dayMs = 86_400_000
/** From the year 1 to 9999, and not the infinities. */
const [firstDay, lastDay] = [-719_162 - epochDays, 2_932_896 - epochDays]
const zero = 0x30
const dateLength = 10
export const instantLength = 24

/** Whether a day, counted as PostgreSQL does, is of the years 1 to 9999: the infinities are not. */
export function isDate(day: number): boolean {
  return day >= firstDay && day <= lastDay
}

/** Such days as `YYYY-MM-DD`. */
export function datesOf(days: Int32Array): PackedTexts {
  const bytes = new Uint8Array(days.length * dateLength)
  for (let at = 0; at < days.length; at++) writeDate(bytes, at * dateLength, days[at] as number)
  return { bytes, lengths: new Uint32Array(days.length).fill(dateLength) }
}

/** A day as `YYYY-MM-DD`. */
function writeDate(text: Uint8Array, at: number, day: number): void {
  // Eras of 400 years that begin in March, so that the day of a leap year comes last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  const since = day + epochDays + 719_468
  const era = Math.floor(since / 146_097)
  const ofEra = since - era * 146_097
  const yearOfEra = ((ofEra - ((ofEra / 1_460) | 0) + ((ofEra / 36_524) | 0) - ((ofEra / 146_096) | 0)) / 365) | 0
  const ofYear = ofEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0))
  const shifted = ((5 * ofYear + 2) / 153) | 0
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const centuries = (year / 100) | 0
  writeTwo(text, at, centuries)
  writeTwo(text, at + 2, year - centuries * 100)
  text[at + 4] = 0x2d
  writeTwo(text, at + 5, month)
  text[at + 7] = 0x2d
  writeTwo(text, at + 8, ofYear - (((153 * shifted + 2) / 5) | 0) + 1)
}

function writeTwo(text: Uint8Array, at: number, value: number): void {
  const tens = (value / 10) | 0
  text[at] = zero + tens
  text[at + 1] = zero + value - tens * 10
}

/** A place for one instant; `write` gives false where it is none of our calendar. */
export function instantWriter(): { readonly text: Buffer; write(ms: number): boolean } {
  const text = Buffer.from('0000-00-00T00:00:00.000Z')
  let written = Number.NaN
  return {
    text,
    /** @param ms since 2000 */
    write(ms) {
      const day = Math.floor(ms / dayMs)
      if (day !== written) {
        if (!isDate(day)) return false
        writeDate(text, 0, day)
        written = day
      }
      const rest = ms - day * dayMs
      const seconds = (rest / 1_000) | 0
      const minutes = (seconds / 60) | 0
      const hours = (minutes / 60) | 0
      const millis = rest - seconds * 1_000
      const hundreds = (millis / 100) | 0
      writeTwo(text, 11, hours)
      writeTwo(text, 14, minutes - hours * 60)
      writeTwo(text, 17, seconds - minutes * 60)
      text[20] = zero + hundreds
      writeTwo(text, 21, millis - hundreds * 100)
      return true
    },
  }
}

const truth = { false: ascii('false'), true: ascii('true') }
const hexDigits = ascii('0123456789abcdef')
/** Bytes of a UUID before which a hyphen stands. */
const hyphens: ReadonlySet<number> = new Set([4, 6, 8, 10])

export const textWriters = {
  bool: {
    lengthMax: 5,
    write(text, at, bytes, start) {
      const word = bytes.getUint8(start) === 0 ? truth.false : truth.true
      text.set(word, at)
      return at + word.length
    },
  },
  uuid: {
    lengthMax: 36,
    write(text, from, bytes, start, end) {
      let at = from
      for (let byte = start; byte < end; byte++) {
        if (hyphens.has(byte - start)) text[at++] = 0x2d
        const value = bytes.getUint8(byte)
        text[at++] = hexDigits[value >> 4] as number
        text[at++] = hexDigits[value & 15] as number
      }
      return at
    },
  },
} as const satisfies Record<string, TextWriter>

function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}
