/** A table is read by the columns that are named: of the others no byte is fetched. */
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { BlobStore } from '@gatehouse/runtime/data/blobs/blob-store'
import { type PackedChunk, unpackChunk } from '@gatehouse/tabular/chunk'
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { readAll } from './bytes.ts'
import { type ChunkPlace, type Manifest, readManifestBytes } from './manifest.ts'
import { readPart } from './parts.ts'
import { openFrame, TableFileError, type TableKey } from './seal.ts'

/** Two columns with less than this between them are fetched together: a request costs more than the bytes. */
const gapMax = 32_768

/** @returns undefined where the file has no manifest: it was never finished, or is deleted */
export async function readManifest(store: BlobStore, primitives: Primitives, key: TableKey): Promise<Manifest | undefined> {
  const bytes = await readPart(store, primitives, key, 'manifest')
  return bytes === undefined ? undefined : readManifestBytes(bytes)
}

/**
 * The named columns in the named order, chunk by chunk from the chunk `from`; the next chunk is fetched while the one before is worked on.
 * @throws TableFileError at the first column that does not open; RangeError for a column that the table does not have
 */
export async function* readTable(
  store: BlobStore,
  primitives: Primitives,
  key: TableKey,
  manifest: Manifest,
  columns: readonly string[] = manifest.fields.map((field) => field.name),
  from = 0,
): AsyncGenerator<Dataset, void, undefined> {
  const fields = placesOf(manifest, columns).map((at) => manifest.fields[at] as Field)
  for await (const chunk of readPacked(store, primitives, key, manifest, columns, from)) yield unpackChunk(fields, chunk)
}

/** The same as bytes, for whoever gives them to another thread. */
export async function* readPacked(
  store: BlobStore,
  primitives: Primitives,
  key: TableKey,
  manifest: Manifest,
  columns: readonly string[],
  from = 0,
): AsyncGenerator<PackedChunk, void, undefined> {
  const places = placesOf(manifest, columns)
  let next = fetchFrames(store, manifest, from, places)
  try {
    for (let chunk = from; chunk < manifest.chunks.length; chunk++) {
      const { rows } = manifest.chunks[chunk] as ChunkPlace
      const frames = await next
      next = fetchFrames(store, manifest, chunk + 1, places)
      yield { rows, columns: places.map((column, at) => ({ bytes: openFrame(primitives, key, { chunk, column }, frames[at] as Uint8Array) })) }
    }
  } finally {
    await next.catch(() => {})
  }
}

/** Where the columns stand among the fields. */
function placesOf(manifest: Pick<Manifest, 'fields'>, columns: readonly string[]): readonly number[] {
  return columns.map((name) => {
    const at = manifest.fields.findIndex((field) => field.name === name)
    if (at < 0) throw new RangeError(`the table has no column ${name}; it has ${manifest.fields.map((field) => field.name).join(', ')}`)
    return at
  })
}

/** Sealed frames of the columns at `places`, in that order; none behind the last chunk. */
async function fetchFrames(store: BlobStore, manifest: Manifest, chunk: number, places: readonly number[]): Promise<readonly Uint8Array[]> {
  const place = manifest.chunks[chunk]
  if (place === undefined) return []
  const frames = new Map<number, Uint8Array>()
  const spans = spansOf(place, places)
  await Promise.all(
    spans.map(async ({ start, end, columns }) => {
      const bytes = await readAll(store, place.object, { start, end })
      if (bytes === undefined || bytes.length !== end - start) throw new TableFileError(`chunk ${chunk} of the table file is not there or cut off`)
      for (const at of columns) {
        const { offset, length } = place.columns[at] as ChunkPlace['columns'][number]
        frames.set(at, bytes.subarray(offset - start, offset - start + length))
      }
    }),
  )
  return places.map((at) => frames.get(at) as Uint8Array)
}

/** The parts of the object that hold the columns, as few as the gaps between them allow. */
function spansOf(place: ChunkPlace, places: readonly number[]): { start: number; end: number; columns: number[] }[] {
  const spans: { start: number; end: number; columns: number[] }[] = []
  for (const at of [...new Set(places)].sort((left, right) => left - right)) {
    const { offset, length } = place.columns[at] as ChunkPlace['columns'][number]
    const last = spans.at(-1)
    if (last !== undefined && offset - last.end < gapMax) {
      last.end = offset + length
      last.columns.push(at)
    } else spans.push({ start: offset, end: offset + length, columns: [at] })
  }
  return spans
}
