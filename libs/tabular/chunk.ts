/**
 * A column of a chunk as bytes, so that each can be kept, sealed and read by itself. Numbers are little-endian:
 *
 *   text     1 ‖ width ‖ 0 0 ‖ entries u32 ‖ length of each in UTF-16 units u32 … ‖ bytes of text u32 ‖ text in UTF-8 ‖ codes + 1
 *   numbers  2 ‖ width ‖ 0 0 ‖ values
 *
 * Width is in bytes and the smallest that fits: codes take 1, 2 or 4 with 0 for missing; whole numbers take 1, 2 or 4 with the least
 * of the width for missing; others are doubles with NaN for missing. A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD.
 */
import type { Column, Dataset, DictionaryColumn, NumberColumn } from './dataset.ts'
import type { Field } from './field.ts'
import { packedColumn, packedTexts } from './packed-texts.ts'

const dictionaryMark = 1
const numberMark = 2
const headLength = 4

/** The bytes are no column of this field and this many rows: another's, cut off or made by other means. */
export class ChunkError extends Error {
  override readonly name = 'ChunkError'
}

/** A chunk as bytes, which a thread hands to another without copying them. */
export interface PackedChunk {
  readonly rows: number
  readonly columns: readonly PackedColumn[]
}

export interface PackedColumn {
  readonly bytes: Uint8Array
  /** Of the numbers that are there, where the column has any. */
  readonly min?: number
  readonly max?: number
}

export function packChunk({ rowCount, columns }: Dataset): PackedChunk {
  return { rows: rowCount, columns: columns.map((column) => ({ bytes: encodeColumn(column), ...(column.kind === 'number' ? boundsOf(column) : undefined) })) }
}

/** @throws ChunkError when a column is not of its field */
export function unpackChunk(fields: readonly Field[], { rows, columns }: PackedChunk): Dataset {
  if (columns.length !== fields.length) throw new ChunkError(`the chunk has ${columns.length} columns where ${fields.length} are wanted`)
  return { rowCount: rows, columns: columns.map(({ bytes }, at) => decodeColumn(fields[at] as Field, rows, bytes)) }
}

export function encodeColumn(column: Column): Uint8Array {
  return column.kind === 'number' ? encodeNumbers(column.values) : encodeDictionary(column)
}

/**
 * @throws ChunkError when the bytes do not hold `rows` values of the field's type; whether a dictionary's bytes are text is seen when it
 * is first looked at (`PackedTextsError`)
 */
export function decodeColumn(field: Field, rows: number, bytes: Uint8Array): Column {
  const mark = field.type === 'integer' || field.type === 'number' ? numberMark : dictionaryMark
  if (bytes.length < headLength || bytes[0] !== mark) throw new ChunkError(`the bytes hold no column of type ${field.type}`)
  return mark === numberMark ? decodeNumbers(field, rows, bytes) : decodeDictionary(field, rows, bytes)
}

/** Least and greatest of the numbers that are there. */
export function boundsOf(column: NumberColumn): { readonly min: number; readonly max: number } | undefined {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of column.values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  return min <= max ? { min, max } : undefined
}

function encodeDictionary(column: DictionaryColumn): Uint8Array {
  const { codes } = column
  const { bytes: text, lengths } = packedTexts(column)
  const width = lengths.length < 2 ** 8 ? 1 : lengths.length < 2 ** 16 ? 2 : 4
  const bytes = new Uint8Array(headLength + 8 + lengths.length * 4 + text.length + codes.length * width)
  const view = new DataView(bytes.buffer)
  bytes[0] = dictionaryMark
  bytes[1] = width
  let at = headLength
  view.setUint32(at, lengths.length, true)
  at += 4
  bytes.set(bytesOf(lengths), at)
  at += lengths.byteLength
  view.setUint32(at, text.length, true)
  bytes.set(text, at + 4)
  at += 4 + text.length
  const written = new { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width](codes.length)
  for (let row = 0; row < codes.length; row++) written[row] = (codes[row] as number) + 1
  bytes.set(bytesOf(written), at)
  return bytes
}

function decodeDictionary(field: Field, rows: number, bytes: Uint8Array): DictionaryColumn {
  const width = bytes[1] as number
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const entries = bytes.length < headLength + 8 ? 0 : view.getUint32(headLength, true)
  const lengthsAt = headLength + 4
  const textAt = lengthsAt + entries * 4 + 4
  const textLength = textAt > bytes.length ? 0 : view.getUint32(textAt - 4, true)
  const codesAt = textAt + textLength
  if (codesAt + rows * width !== bytes.length) throw new ChunkError(`the bytes do not hold ${rows} rows of text`)
  const lengths = aligned(bytes.subarray(0, textAt - 4), lengthsAt, 4)
  const texts = { bytes: new Uint8Array(bytes.subarray(textAt, codesAt)), lengths: new Uint32Array(lengths.buffer, lengths.byteOffset, entries) }
  const stored = unsigned(width, aligned(bytes, codesAt, width))
  const codes = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    const code = stored[row] as number
    if (code > entries) throw new ChunkError('a code points outside its dictionary')
    codes[row] = code - 1
  }
  return packedColumn(field, codes, texts)
}

function encodeNumbers(values: Float64Array): Uint8Array {
  const width = widthOf(values)
  const bytes = new Uint8Array(headLength + values.length * width)
  bytes[0] = numberMark
  bytes[1] = width
  if (width === 8) {
    bytes.set(bytesOf(values), headLength)
    return bytes
  }
  const missing = -(2 ** (width * 8 - 1))
  const written = new { 1: Int8Array, 2: Int16Array, 4: Int32Array }[width](values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    written[row] = Number.isNaN(value) ? missing : value
  }
  bytes.set(bytesOf(written), headLength)
  return bytes
}

function decodeNumbers(field: Field, rows: number, bytes: Uint8Array): NumberColumn {
  const width = bytes[1] as number
  if (headLength + rows * width !== bytes.length) throw new ChunkError(`the bytes do not hold ${rows} numbers`)
  const body = aligned(bytes, headLength, width)
  if (width === 8) return { kind: 'number', field, values: new Float64Array(body.buffer, body.byteOffset, rows) }
  const stored = signed(width, body)
  const missing = -(2 ** (width * 8 - 1))
  const values = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const value = stored[row] as number
    values[row] = value === missing ? Number.NaN : value
  }
  return { kind: 'number', field, values }
}

/** Minus zero is not whole here: no integer type has it, and what comes out is what went in. */
function widthOf(values: Float64Array): 1 | 2 | 4 | 8 {
  let least = 0
  let greatest = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    if ((value | 0) !== value || (value === 0 && 1 / value < 0)) return 8
    if (value < least) least = value
    else if (value > greatest) greatest = value
  }
  for (const width of [1, 2, 4] as const) if (least > -(2 ** (width * 8 - 1)) && greatest < 2 ** (width * 8 - 1)) return width
  return 8
}

function unsigned(width: number, body: Uint8Array): Uint8Array | Uint16Array | Uint32Array {
  if (width === 1) return body
  if (width === 2) return new Uint16Array(body.buffer, body.byteOffset, body.length / 2)
  if (width === 4) return new Uint32Array(body.buffer, body.byteOffset, body.length / 4)
  throw new ChunkError(`codes are not kept in ${width} bytes`)
}

function signed(width: number, body: Uint8Array): Int8Array | Int16Array | Int32Array {
  if (width === 1) return new Int8Array(body.buffer, body.byteOffset, body.length)
  if (width === 2) return new Int16Array(body.buffer, body.byteOffset, body.length / 2)
  if (width === 4) return new Int32Array(body.buffer, body.byteOffset, body.length / 4)
  throw new ChunkError(`numbers are not kept in ${width} bytes`)
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** What lies from `at` on, where a typed array may begin; copied always, since a column outlives the buffer it was read into. */
function aligned(bytes: Uint8Array, at: number, width: number): Uint8Array {
  if (width !== 1 && width !== 2 && width !== 4 && width !== 8) throw new ChunkError(`no column has values of ${width} bytes`)
  return new Uint8Array(bytes.subarray(at))
}
