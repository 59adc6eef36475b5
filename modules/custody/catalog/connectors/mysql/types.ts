/** Which of our types a type of MySQL is, how it is asked for, and what a value of the driver is here. Pure. */
import type { FieldType } from '@gatehouse/tabular/field'
import type { SourceValue } from '@gatehouse/tabular/value'
import { ticked } from './names.ts'

interface Reading {
  readonly type: FieldType
  /** The value is sent as text, whatever it is there. */
  readonly cast?: true
  /** Its values can be gone on behind. */
  readonly key?: true
}

const integer: Reading = { type: 'integer', key: true }
const text: Reading = { type: 'string', key: true }

const readings: Readonly<Record<string, Reading>> = {
  tinyint: integer,
  smallint: integer,
  mediumint: integer,
  int: integer,
  // The driver gives it as text, since a double does not hold all of them.
  bigint: integer,
  year: integer,
  decimal: { type: 'number' },
  double: { type: 'number' },
  // As text: the double next to a single has digits that nobody wrote.
  float: { type: 'number', cast: true },
  bit: { type: 'boolean' },
  date: { type: 'date', key: true },
  // Read in UTC: `timestamp` is a moment, and `datetime` has no zone.
  datetime: { type: 'instant' },
  timestamp: { type: 'instant' },
  char: text,
  varchar: text,
  tinytext: { type: 'string' },
  text: { type: 'string' },
  mediumtext: { type: 'string' },
  longtext: { type: 'string' },
  enum: { type: 'string' },
  set: { type: 'string' },
  json: { type: 'string', cast: true },
  time: { type: 'string', cast: true },
  uuid: { type: 'string', cast: true },
  inet6: { type: 'string', cast: true },
}

/** The first word of a physical type such as `varchar(20)`. */
export const baseOf = (physical: string) => /^[a-z0-9]+/.exec(physical)?.[0] ?? ''

/** `undefined` for pictures, shapes and bytes, which are no columns of a table about people. */
export function readingOf(physical: string): Reading | undefined {
  // What MySQL calls BOOLEAN; of more than one bit, it is a picture of flags.
  if (/^tinyint\(1\)/.test(physical)) return { type: 'boolean' }
  const base = baseOf(physical)
  if (base === 'bit' && physical !== 'bit(1)') return undefined
  return Object.hasOwn(readings, base) ? readings[base] : undefined
}

export function selected(column: string, physical: string): string {
  return readingOf(physical)?.cast ? `CAST(${ticked(column)} AS CHAR)` : ticked(column)
}

/** A day or a moment that the calendar does not have, as `0000-00-00` in older tables, is a missing value. */
export function cellOf(value: unknown, physical: string): SourceValue {
  if (value === null || value === undefined) return null
  const type = readingOf(physical)?.type
  if (type === 'boolean') return Buffer.isBuffer(value) ? value[0] !== 0 : value !== 0
  if (type === 'date') return typeof value === 'string' && /^(?!0000)\d{4}-(?!00)\d\d-(?!00)\d\d$/.test(value) ? value : null
  if (type === 'instant') return typeof value === 'string' ? momentOf(value) : null
  return typeof value === 'number' || typeof value === 'string' ? value : String(value)
}

function momentOf(text: string): string | null {
  const [, day, time, fraction = ''] = /^((?!0000)\d{4}-(?!00)\d\d-(?!00)\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/.exec(text) ?? []
  return day === undefined ? null : `${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`
}
