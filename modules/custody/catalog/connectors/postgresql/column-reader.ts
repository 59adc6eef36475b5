/** How the cells of one column are read from binary COPY: numbers straight into doubles, everything else through a dictionary of bytes. */
import type { Column } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { packedColumn } from '@gatehouse/tabular/packed-texts'
import { ByteDictionary, type Cells, longer } from '../byte-dictionary.ts'
import { ConnectorError, rowsPerChunk } from '../connector.ts'
import { say } from '../words.ts'
import { numericOf } from './numeric.ts'
import { datesOf, instantLength, instantWriter, isDate, textWriters } from './texts.ts'
import type { Wire } from './types.ts'

/** From 1850 to 2149, counted as PostgreSQL does. */
const commonDays = { first: -54_787, count: 109_573 }

export interface BinaryColumn {
  readonly field: Field
  readonly wire: Wire
}

export interface ColumnReader {
  /** Reads the cells from `from` on, as those of the chunk's rows from `row` on. */
  read(cells: Cells, from: number, row: number): void
  /** The chunk's column of so many rows; the next chunk begins. */
  take(rows: number): Column
}

type NumberWire = 'int2' | 'int4' | 'int8' | 'float8' | 'numeric' | 'number'

export function columnReader({ field, wire }: BinaryColumn, seed: number): ColumnReader {
  switch (wire) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float8':
    case 'numeric':
    case 'number':
      return numberReader(field, writerOf(field)[wire])
    case 'date':
      return dateReader(field)
    case 'timestamp':
      return instantReader(field, seed)
    default:
      return textReader(field, new ByteDictionary(textWriters[wire as keyof typeof textWriters], seed))
  }
}

/** Writes a cell's number, and does not give it back: of a function that could be any of these, it would come as an object. */
type WriteNumber = (into: Float64Array, row: number, view: DataView, start: number, length: number, bytes: Buffer) => void

function writerOf({ name }: Field): Readonly<Record<NumberWire, WriteNumber>> {
  return {
    int2(into, row, view, start) {
      into[row] = view.getInt16(start)
    },
    int4(into, row, view, start) {
      into[row] = view.getInt32(start)
    },
    int8(into, row, view, start) {
      const value = int8(view, start)
      if (!Number.isSafeInteger(value)) throw new ConnectorError('bad_value', say('whole_number_beyond', { column: name }))
      into[row] = value
    },
    float8(into, row, view, start) {
      into[row] = finite(view.getFloat64(start))
    },
    numeric(into, row, view, start) {
      into[row] = finite(numericOf(view, start))
    },
    number(into, row, _view, start, length, bytes) {
      into[row] = finite(Number(bytes.toString('latin1', start, start + length)))
    },
  }
}

function numberReader(field: Field, write: WriteNumber): ColumnReader {
  let values = new Float64Array(rowsPerChunk)
  return {
    read({ bytes, view, starts, lengths, count }, from, row) {
      for (let cell = from, to = row; cell < from + count; cell++, to++) {
        const length = lengths[cell] as number
        if (length < 0) values[to] = Number.NaN
        else write(values, to, view, starts[cell] as number, length, bytes)
      }
    },
    take(rows) {
      const taken = values.subarray(0, rows)
      values = new Float64Array(rowsPerChunk)
      return { kind: 'number', field, values: taken }
    },
  }
}

function textReader(field: Field, dictionary: ByteDictionary): ColumnReader {
  let codes = new Int32Array(rowsPerChunk)
  return {
    read(cells, from, row) {
      dictionary.codesOf(cells, from, codes, row)
    },
    take(rows) {
      const taken = codes.subarray(0, rows)
      codes = new Int32Array(rowsPerChunk)
      return packedColumn(field, taken, dictionary.take())
    },
  }
}

/** Of days that people live in, each has a place for its code; of any other the code is looked up. */
function dateReader(field: Field): ColumnReader {
  let codes = new Int32Array(rowsPerChunk)
  /** Codes of the chunk under way, above those of chunks before. */
  const known = new Int32Array(commonDays.count)
  const others = new Map<number, number>()
  let before = 1
  let days = new Int32Array(1_024)
  let different = 0

  function codeOf(day: number): number {
    const at = day - commonDays.first
    const isCommon = at >= 0 && at < known.length
    const stamped = (isCommon ? known[at] : others.get(day)) ?? 0
    if (stamped >= before) return stamped - before
    if (!isDate(day)) return -1
    if (different === days.length) days = longer(days)
    days[different] = day
    if (isCommon) known[at] = before + different
    else others.set(day, before + different)
    return different++
  }

  return {
    read({ view, starts, lengths, count }, from, row) {
      for (let cell = from, to = row; cell < from + count; cell++, to++)
        codes[to] = (lengths[cell] as number) < 0 ? -1 : codeOf(view.getInt32(starts[cell] as number))
    },
    take(rows) {
      const taken = codes.subarray(0, rows)
      codes = new Int32Array(rowsPerChunk)
      const texts = datesOf(days.subarray(0, different))
      before += different
      different = 0
      others.clear()
      if (before > 0x7000_0000) {
        known.fill(0)
        before = 1
      }
      return packedColumn(field, taken, texts)
    },
  }
}

/** An instant has milliseconds: those that differ by less are one value, so that each is written before it is looked for. */
function instantReader(field: Field, seed: number): ColumnReader {
  const texts = textReader(field, new ByteDictionary(undefined, seed))
  const instant = instantWriter()
  let written: Cells = cellsOf(0)
  return {
    read({ view, starts, lengths, count }, from, row) {
      if (written.lengths.length < count) written = cellsOf(count)
      for (let at = 0; at < count; at++) {
        const isValue = (lengths[from + at] as number) >= 0 && instant.write(Math.floor(int8(view, starts[from + at] as number) / 1_000))
        written.lengths[at] = isValue ? instantLength : -1
        if (isValue) written.bytes.set(instant.text, at * instantLength)
      }
      texts.read({ ...written, count }, 0, row)
    },
    take: texts.take,
  }
}

/** Cells one behind the other, to be written. */
function cellsOf(count: number): Cells {
  const bytes = Buffer.alloc(count * instantLength)
  const starts = Int32Array.from({ length: count }, (_, at) => at * instantLength)
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), starts, lengths: new Int32Array(count), count }
}

/** Exact up to 2^53, and beyond so large that it is told from what is. */
function int8(view: DataView, at: number): number {
  return view.getInt32(at) * 4_294_967_296 + view.getUint32(at + 4)
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN
}
