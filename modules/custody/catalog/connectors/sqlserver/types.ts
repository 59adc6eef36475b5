/** Which of our types a type of SQL Server is, and how it is asked for so that nothing is rounded on the way. Pure. */
import type { FieldType } from '@gatehouse/tabular/field'
import type { SourceValue } from '@gatehouse/tabular/value'
import { bracketed } from './names.ts'

interface Reading {
  readonly type: FieldType
  /** The expression that is selected; the column itself where nothing is said. */
  readonly select?: (column: string) => string
  /** What a key's value becomes again, so that it is compared in the order that it came in. */
  readonly key?: string
}

const asText = (length: number) => (column: string) => `CONVERT(varchar(${length}), ${column})`

const readings: Readonly<Record<string, Reading>> = {
  bit: { type: 'boolean' },
  tinyint: { type: 'integer', key: 'bigint' },
  smallint: { type: 'integer', key: 'bigint' },
  int: { type: 'integer', key: 'bigint' },
  // The driver gives it as text, since a double does not hold all of them.
  bigint: { type: 'integer', key: 'bigint' },
  real: { type: 'number' },
  float: { type: 'number' },
  decimal: { type: 'number', select: asText(60) },
  numeric: { type: 'number', select: asText(60) },
  money: { type: 'number', select: (column) => `CONVERT(varchar(40), ${column}, 2)` },
  smallmoney: { type: 'number', select: (column) => `CONVERT(varchar(40), ${column}, 2)` },
  date: { type: 'date', select: (column) => `CONVERT(char(10), ${column}, 23)`, key: 'date' },
  // Without a zone they are read as UTC.
  datetime: { type: 'instant' },
  smalldatetime: { type: 'instant' },
  datetime2: { type: 'instant' },
  datetimeoffset: { type: 'instant' },
  time: { type: 'string', select: asText(16) },
  char: { type: 'string', select: (column) => `RTRIM(${column})`, key: 'varchar(8000)' },
  nchar: { type: 'string', select: (column) => `RTRIM(${column})`, key: 'nvarchar(4000)' },
  varchar: { type: 'string', key: 'varchar(8000)' },
  nvarchar: { type: 'string', key: 'nvarchar(4000)' },
  text: { type: 'string' },
  ntext: { type: 'string' },
  xml: { type: 'string', select: (column) => `CONVERT(nvarchar(max), ${column})` },
  uniqueidentifier: { type: 'string', select: asText(36), key: 'uniqueidentifier' },
}

/** The first word of a physical type such as `varchar(20)`. */
export const baseOf = (physical: string) => physical.replace(/\(.*$/, '')

/** `undefined` for pictures, shapes and bytes, which are no columns of a table about people. */
export function readingOf(physical: string): Reading | undefined {
  const base = baseOf(physical)
  return Object.hasOwn(readings, base) ? readings[base] : undefined
}

export function selected(column: string, physical: string): string {
  const name = bracketed(column)
  return readingOf(physical)?.select?.(name) ?? name
}

/** `decimal(10,2)`, from what the catalogue of the server holds. */
export function physicalOf(type: string, length: number, precision: number, scale: number): string {
  if (type === 'decimal' || type === 'numeric') return `${type}(${precision},${scale})`
  if (!/char$/.test(type)) return type
  return `${type}(${length < 0 ? 'max' : type.startsWith('n') ? length / 2 : length})`
}

/** What the driver gives, as a cell. A single is written with the digits that tell it from its neighbours, and no more. */
export function cellOf(value: unknown, physical: string): SourceValue {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value === 'number') return baseOf(physical) === 'real' ? shortest(value) : value
  return typeof value === 'boolean' ? value : String(value)
}

function shortest(single: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits))
    if (Math.fround(short) === Math.fround(single)) return short
  }
  return single
}
