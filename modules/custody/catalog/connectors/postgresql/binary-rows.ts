/**
 * The bytes of COPY … (FORMAT binary) as columns, without a value or a string for each cell: numbers go straight into doubles, everything
 * else through a dictionary of bytes. Format: PostgreSQL's documentation of COPY, "Binary Format".
 */
import type { Column, Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { type ByteDictionary, byteDictionary } from '../byte-dictionary.ts'
import { ConnectorError, rowsPerChunk } from '../connector.ts'
import type { Wire } from './types.ts'

export interface BinaryColumn {
  readonly field: Field
  readonly wire: Wire
}

export interface BinaryRows {
  /** The payload of one CopyData message: whole rows, as every server sends them. */
  push(bytes: Uint8Array, start: number, end: number): void
  /** Chunks that are full; with `rest`, what is left as well. */
  take(rest?: 'rest'): Dataset[]
}

interface Reader {
  read(bytes: Uint8Array, start: number, end: number, row: number): void
  readonly missing: (row: number) => void
  build(rows: number): Column
}

const signature = [0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00]
const headerLength = signature.length + 8

export function binaryRows(columns: readonly BinaryColumn[], seed: number): BinaryRows {
  const readers = columns.map((column) => (column.field.type === 'integer' || column.field.type === 'number' ? numbers(column) : codes(column, seed)))
  // Of no column at all, one constant is selected.
  const width = Math.max(readers.length, 1)
  const full: Dataset[] = []
  let begun = false
  let row = 0

  function finish(): void {
    if (row === 0) return
    const rows = row
    full.push({ rowCount: rows, columns: readers.map((reader) => reader.build(rows)) })
    row = 0
  }

  /** Fields of one row. @returns where the next begins */
  function readRow(bytes: Uint8Array, from: number, end: number, count: number): number {
    let at = from
    for (let index = 0; index < count; index++) {
      const length = int4(bytes, at)
      at += 4
      const reader = readers[index]
      if (length < 0) {
        reader?.missing(row)
        continue
      }
      if (at + length > end) throw malformed()
      reader?.read(bytes, at, at + length, row)
      at += length
    }
    return at
  }

  return {
    push(bytes, from, end) {
      let at = from
      if (!begun) {
        if (signature.some((byte, index) => bytes[at + index] !== byte)) throw malformed()
        at += headerLength
        begun = true
      }
      while (at < end) {
        const count = int2(bytes, at)
        if (count === -1) return
        if (count !== width) throw malformed()
        at = readRow(bytes, at + 2, end, count)
        if (++row === rowsPerChunk) finish()
      }
    },
    take(rest) {
      if (rest === 'rest') finish()
      return full.splice(0)
    },
  }
}

const malformed = () => new ConnectorError('unsupported', 'the server does not send rows as PostgreSQL does')

function numbers({ field, wire }: BinaryColumn): Reader {
  let values = new Float64Array(rowsPerChunk)
  const number = numberReaders[wire as keyof typeof numberReaders]
  const whole = field.type === 'integer'
  return {
    read(bytes, start, end, row) {
      const value = number(bytes, start, end)
      if (whole && !Number.isSafeInteger(value)) throw tooLong(field)
      values[row] = Number.isFinite(value) ? value : Number.NaN
    },
    missing(row) {
      values[row] = Number.NaN
    },
    build(rows) {
      const taken = values
      values = new Float64Array(rowsPerChunk)
      return { kind: 'number', field, values: rows === taken.length ? taken : taken.slice(0, rows) }
    },
  }
}

const tooLong = ({ name }: Field) =>
  new ConnectorError(
    'bad_value',
    `column ${name} has whole numbers of more than 15 digits: have it read as text (type "string" of the column in the catalogue)`,
  )

function codes({ field, wire }: BinaryColumn, seed: number): Reader {
  const dictionary: ByteDictionary = byteDictionary(textReaders[wire as keyof typeof textReaders] ?? textReaders.text, seed)
  const ofInstant = wire === 'timestamp'
  const instant = new Float64Array(1)
  const instantBytes = new Uint8Array(instant.buffer)
  let values = new Int32Array(rowsPerChunk)
  return {
    read(bytes, start, end, row) {
      if (!ofInstant) {
        values[row] = dictionary.codeOf(bytes, start, end)
        return
      }
      // An instant has milliseconds: those that differ by less are one value.
      instant[0] = Math.floor(int8(bytes, start) / 1_000)
      values[row] = dictionary.codeOf(instantBytes, 0, 8)
    },
    missing(row) {
      values[row] = -1
    },
    build(rows) {
      const taken = values
      values = new Int32Array(rowsPerChunk)
      return { kind: 'dictionary', field, codes: rows === taken.length ? taken : taken.slice(0, rows), dictionary: dictionary.take() }
    },
  }
}

const int2 = (bytes: Uint8Array, at: number) => (((bytes[at] as number) << 24) >> 16) | (bytes[at + 1] as number)
const int4 = (bytes: Uint8Array, at: number) =>
  ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
/** Exact up to 2^53, and beyond so large that it is told from what is. */
const int8 = (bytes: Uint8Array, at: number) => int4(bytes, at) * 4_294_967_296 + (int4(bytes, at + 4) >>> 0)

const double = new DataView(new ArrayBuffer(8))
function float8(bytes: Uint8Array, at: number): number {
  double.setInt32(0, int4(bytes, at))
  double.setInt32(4, int4(bytes, at + 4))
  return double.getFloat64(0)
}

const numberReaders = {
  int2,
  int4,
  int8,
  float8,
  numeric,
  number: (bytes: Uint8Array, start: number, end: number) => Number(latin1(bytes, start, end)),
}

const textReaders = {
  bool: (bytes: Uint8Array, start: number) => (bytes[start] === 0 ? 'false' : 'true'),
  date: (bytes: Uint8Array, start: number) => dateText(int4(bytes, start)),
  timestamp: (bytes: Uint8Array, start: number) => instantText(new Float64Array(bytes.slice(start, start + 8).buffer)[0] as number),
  uuid: (bytes: Uint8Array, start: number) =>
    Buffer.from(bytes.buffer, bytes.byteOffset + start, 16)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  text: utf8,
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}

function utf8(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

/** PostgreSQL counts from 2000-01-01. */
const epochMs = 946_684_800_000
const dayMs = 86_400_000
const [firstMs, lastMs] = [-62_135_596_800_000, 253_402_300_799_999]

/** `undefined` for the infinities, and for days before year 1 or after 9999. */
function instantText(ms: number): string | undefined {
  const since = ms + epochMs
  return since >= firstMs && since <= lastMs ? new Date(since).toISOString() : undefined
}

function dateText(day: number): string | undefined {
  return instantText(day * dayMs)?.slice(0, 10)
}

const [negative, positive] = [0x4000, 0x0000]

/** Digits to the base 10,000. Up to 15 significant decimal digits are exact by one division; others are read as text is. */
function numeric(bytes: Uint8Array, start: number): number {
  const count = int2(bytes, start)
  const weight = int2(bytes, start + 2)
  const sign = int2(bytes, start + 4) & 0xffff
  if (sign !== positive && sign !== negative) return Number.NaN
  // The value is the whole of the digits times 10,000 to this power.
  const power = weight - count + 1
  if (count <= 3 || (count === 4 && int2(bytes, start + 8) < 1_000)) {
    let whole = 0
    for (let index = 0; index < count; index++) whole = whole * 10_000 + int2(bytes, start + 8 + index * 2)
    const exponent = power * 4
    if (exponent >= -22 && exponent <= 0) return (sign === negative ? -whole : whole) / (tens[-exponent] as number)
    if (exponent > 0 && whole * (tens[exponent] ?? Number.POSITIVE_INFINITY) <= Number.MAX_SAFE_INTEGER)
      return (sign === negative ? -whole : whole) * (tens[exponent] as number)
  }
  let digits = ''
  for (let index = 0; index < count; index++) digits += String(int2(bytes, start + 8 + index * 2)).padStart(4, '0')
  return Number(`${sign === negative ? '-' : ''}${digits === '' ? '0' : digits}e${power * 4}`)
}

const tens = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
