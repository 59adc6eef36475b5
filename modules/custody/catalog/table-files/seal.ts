/**
 * The sealing of table files: every column of every chunk is a frame of its own (AES-256-GCM, random nonce), bound to tenant, file,
 * chunk and column, so that none can be put in another's place. Pure.
 */
import { aeadKeyLength, open, sealedPieces } from '@gatehouse/crypto/aead'
import { lengthPrefixed, u32 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'

const domain = 'gatehouse/catalog/table-file/v1'

/** The bytes were changed, cut, moved or sealed under another key: which of these is not said. */
export class TableFileError extends Error {
  override readonly name = 'TableFileError'
}

/** What lies beside the chunks of a file: its manifest, and what whoever writes it wants to find again. */
export type FilePart = 'manifest' | 'facts' | 'people' | 'progress' | 'encodings' | 'groups'

/** What a frame holds: the column at that place of a chunk, the line that describes the chunk, or a part of the file. */
export type FramePlace = { readonly chunk: number; readonly column: number } | { readonly chunk: number; readonly column: 'line' } | FilePart

/** All that is needed to seal and open one table file; plain data, so that it can be given to a worker thread. */
export interface TableKey {
  readonly tenant: string
  /** Prefix of the names of its objects: `tables/<tenant>/<id>`. Never used for another table with the same key. */
  readonly file: string
  /** 32 bytes; a key seals fewer than 2^32 frames. */
  readonly key: Uint8Array
}

export function tableKey(tenant: string, file: string, key: Uint8Array): TableKey {
  if (key.length !== aeadKeyLength) throw new RangeError(`the key of a table file has ${aeadKeyLength} bytes`)
  return { tenant, file, key }
}

/** In pieces that follow one another. */
export function sealFrame(primitives: Primitives, { key, ...file }: TableKey, place: FramePlace, bytes: Uint8Array): readonly Uint8Array[] {
  return sealedPieces(primitives, key, bytes, contextOf(file, place))
}

/** @throws TableFileError where the frame does not open */
export function openFrame(primitives: Primitives, { key, ...file }: TableKey, place: FramePlace, sealed: Uint8Array): Uint8Array {
  const opened = open(primitives, key, sealed, contextOf(file, place))
  if (opened === undefined)
    throw new TableFileError(`${inWords(place)} of the table file does not open: it was changed, cut off or moved, or the key is another`)
  return opened
}

function contextOf({ tenant, file }: Pick<TableKey, 'tenant' | 'file'>, place: FramePlace): Uint8Array {
  if (typeof place === 'string') return lengthPrefixed([domain, tenant, file, place])
  const { chunk, column } = place
  return lengthPrefixed([domain, tenant, file, column === 'line' ? 'line' : 'column', u32(chunk), column === 'line' ? '' : u32(column)])
}

function inWords(place: FramePlace): string {
  if (typeof place === 'string') return `the ${place}`
  return `${place.column === 'line' ? 'the line' : `column ${place.column}`} of chunk ${place.chunk}`
}
