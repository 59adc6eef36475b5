/**
 * The messages of COPY … (FORMAT binary) as columns, without a value, an object or a string for each cell: numbers go straight into
 * doubles, everything else through a dictionary of bytes. Format: PostgreSQL's documentation of COPY, "Binary Format".
 */
import type { Column, Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { packedColumn } from '@gatehouse/tabular/packed-texts'
import { ByteDictionary } from '../byte-dictionary.ts'
import { ConnectorError, rowsPerChunk } from '../connector.ts'
import { dataMark, messageHead } from './copy-out.ts'
import { numericOf } from './numeric.ts'
import { instantLength, instantWriter, textWriters } from './texts.ts'
import type { Wire } from './types.ts'

export interface BinaryColumn {
  readonly field: Field
  readonly wire: Wire
}

export interface BinaryRows {
  /** Whole messages, each CopyData of whole rows, as every server sends them. */
  push(bytes: Buffer): void
  /** Chunks that are full; with `rest`, what is left as well. */
  take(rest?: 'rest'): Dataset[]
}

const signature = [0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00]
const headerLength = signature.length + 8

/** How a column is read, as a number, for the loop below looks at it for each cell. */
const readings = { int2: 0, int4: 1, int8: 2, float8: 3, numeric: 4, number: 5, timestamp: 6, bool: 7, date: 7, uuid: 7, text: 7 } as const satisfies Record<
  Wire,
  number
>

export function binaryRows(columns: readonly BinaryColumn[], seed: number): BinaryRows {
  const width = columns.length
  const wires = Uint8Array.from(columns, ({ wire }) => readings[wire])
  const isNumber = columns.map(({ field }) => field.type === 'integer' || field.type === 'number')
  const dictionaries = columns.map(({ wire }) => new ByteDictionary(textWriters[wire as keyof typeof textWriters], seed))
  // One of the two is used for each column; the other is as long, so that both lists have one shape.
  let values = columns.map(() => new Float64Array(rowsPerChunk))
  let codes = columns.map(() => new Int32Array(rowsPerChunk))
  const instant = instantWriter()
  const instantView = new DataView(instant.text.buffer, instant.text.byteOffset, instantLength)
  const full: Dataset[] = []
  let begun = false
  let row = 0

  function readRow(bytes: Buffer, view: DataView, from: number, end: number): number {
    let at = from
    for (let index = 0; index < width; index++) {
      const length = view.getInt32(at)
      at += 4
      if (length < 0) {
        if (isNumber[index]) (values[index] as Float64Array)[row] = Number.NaN
        else (codes[index] as Int32Array)[row] = -1
        continue
      }
      const next = at + length
      if (next > end) throw malformed()
      switch (wires[index]) {
        case readings.int2:
          ;(values[index] as Float64Array)[row] = view.getInt16(at)
          break
        case readings.int4:
          ;(values[index] as Float64Array)[row] = view.getInt32(at)
          break
        case readings.int8:
          ;(values[index] as Float64Array)[row] = safe(int8(view, at), columns[index] as BinaryColumn)
          break
        case readings.float8:
          ;(values[index] as Float64Array)[row] = finite(view.getFloat64(at))
          break
        case readings.numeric:
          ;(values[index] as Float64Array)[row] = finite(numericOf(view, at))
          break
        case readings.number:
          ;(values[index] as Float64Array)[row] = finite(Number(bytes.toString('latin1', at, next)))
          break
        case readings.timestamp:
          // An instant has milliseconds: those that differ by less are one value.
          ;(codes[index] as Int32Array)[row] = instant.write(Math.floor(int8(view, at) / 1_000))
            ? (dictionaries[index] as ByteDictionary).codeOf(instant.text, instantView, 0, instantLength)
            : -1
          break
        default:
          ;(codes[index] as Int32Array)[row] = (dictionaries[index] as ByteDictionary).codeOf(bytes, view, at, next)
      }
      at = next
    }
    return at
  }

  function readRows(bytes: Buffer, view: DataView, from: number, end: number): void {
    let at = from
    if (!begun) {
      if (signature.some((byte, index) => bytes[at + index] !== byte)) throw malformed()
      at += headerLength
      begun = true
    }
    while (at < end) {
      const count = view.getInt16(at)
      if (count === -1) return
      // Of no column at all, one constant is selected.
      if (count !== Math.max(width, 1)) throw malformed()
      at = width === 0 ? end : readRow(bytes, view, at + 2, end)
      if (++row === rowsPerChunk) finish()
    }
  }

  function finish(): void {
    const rows = row
    if (rows === 0) return
    const taken = columns.map(({ field }, index): Column => {
      if (isNumber[index]) return { kind: 'number', field, values: (values[index] as Float64Array).subarray(0, rows) }
      return packedColumn(field, (codes[index] as Int32Array).subarray(0, rows), (dictionaries[index] as ByteDictionary).take())
    })
    full.push({ rowCount: rows, columns: taken })
    values = values.map((used, index) => (isNumber[index] ? new Float64Array(rowsPerChunk) : used))
    codes = codes.map((used, index) => (isNumber[index] ? used : new Int32Array(rowsPerChunk)))
    row = 0
  }

  return {
    push(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      for (let at = 0; at < bytes.length; ) {
        const next = at + 1 + view.getUint32(at + 1)
        if (bytes[at] === dataMark) readRows(bytes, view, at + messageHead, next)
        at = next
      }
    },
    take(rest) {
      if (rest === 'rest') finish()
      return full.splice(0)
    },
  }
}

const malformed = () => new ConnectorError('unsupported', 'the server does not send rows as PostgreSQL does')

/** Exact up to 2^53, and beyond so large that it is told from what is. */
function int8(view: DataView, at: number): number {
  return view.getInt32(at) * 4_294_967_296 + view.getUint32(at + 4)
}

function safe(value: number, { field }: BinaryColumn): number {
  if (Number.isSafeInteger(value)) return value
  throw new ConnectorError(
    'bad_value',
    `column ${field.name} has whole numbers beyond 9007199254740991: have it read as text (type "string" of the column in the catalogue)`,
  )
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN
}
