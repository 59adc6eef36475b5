/**
 * One chunk as the bytes of one object, pure: frame of each column ‖ frame of the chunk's line ‖ length of that frame u32. The line says
 * where the columns are, so that a file without a manifest (its writer was killed) is known again from its objects.
 */
import { readU32, toHex, u32 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type PackedChunk, packChunk } from '@gatehouse/tabular/chunk'
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { rowsPerChunk } from '../connectors/connector.ts'
import { type ChunkPlace, chunkPlaceBytes, readChunkPlaceBytes } from './manifest.ts'
import { openFrame, sealFrame, TableFileError, type TableKey } from './seal.ts'

const lengthLength = 4

/** Seven digits keep the names in order for 6 · 10^11 rows. */
export function chunkName(file: string, chunk: number): string {
  return `${file}/${String(chunk).padStart(7, '0')}`
}

export interface ChunkObject {
  readonly place: ChunkPlace
  /** Its bytes, one after the other. */
  readonly pieces: readonly Uint8Array[]
}

/** @throws RangeError for an empty chunk, one of too many rows, and one whose columns are not the file's fields in their order */
export function sealChunk(primitives: Primitives, key: TableKey, fields: readonly Field[], chunk: number, data: Dataset): ChunkObject {
  const same =
    data.columns.length === fields.length && data.columns.every(({ field }, at) => field.name === fields[at]?.name && field.type === fields[at]?.type)
  if (!same) throw new RangeError('the columns of a chunk are the fields of its table file, in their order')
  return sealPacked(primitives, key, chunk, packChunk(data))
}

/** @throws RangeError for an empty chunk, and one of too many rows */
export function sealPacked(primitives: Primitives, key: TableKey, chunk: number, { rows, columns }: PackedChunk): ChunkObject {
  if (rows < 1 || rows > rowsPerChunk) throw new RangeError(`a chunk has 1 to ${rowsPerChunk} rows, got ${rows}`)
  let offset = 0
  const frames = columns.map(({ bytes }, column) => sealFrame(primitives, key, { chunk, column }, bytes))
  const places = columns.map(({ min, max }, at) => {
    const length = lengthOf(frames[at] ?? [])
    const place = { offset, length, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
    offset += length
    return place
  })
  const sealed = frames.flat()
  const place = { object: chunkName(key.file, chunk), rows, sha256: toHex(primitives.sha256(...sealed)), columns: places }
  const line = sealFrame(primitives, key, { chunk, column: 'line' }, chunkPlaceBytes(place))
  return { place, pieces: [...sealed, ...line, u32(lengthOf(line))] }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((length, piece) => length + piece.length, 0)
}

/** The line at the end of a chunk's object. @throws TableFileError when it does not open, or tells of another object */
export function readLine(primitives: Primitives, key: TableKey, chunk: number, object: Uint8Array): ChunkPlace {
  const length = object.length < lengthLength ? 0 : readU32(object, object.length - lengthLength)
  const end = object.length - lengthLength
  if (length > end) throw new TableFileError(`chunk ${chunk} of the table file is cut off`)
  const place = readChunkPlaceBytes(openFrame(primitives, key, { chunk, column: 'line' }, object.subarray(end - length, end)))
  const last = place.columns.at(-1)
  const sealed = object.subarray(0, end - length)
  if (place.object !== chunkName(key.file, chunk) || (last === undefined ? 0 : last.offset + last.length) !== sealed.length)
    throw new TableFileError(`chunk ${chunk} of the table file is cut off`)
  if (toHex(primitives.sha256(sealed)) !== place.sha256) throw new TableFileError(`chunk ${chunk} of the table file was changed`)
  return place
}
