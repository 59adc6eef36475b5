/** A table is read by the columns that are named: of the others no byte is fetched. */
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { BlobStore } from '@gatehouse/runtime/data/blobs/blob-store'
import type { Column, Dataset } from '@gatehouse/tabular/dataset'
import { readAll } from './bytes.ts'
import { openColumn } from './chunk-object.ts'
import { type ChunkPlace, type Manifest, readManifestBytes } from './manifest.ts'
import { openFrame, TableFileError, type TableKey } from './seal.ts'
import { manifestName } from './write-table.ts'

/** Two columns with less than this between them are fetched together: a request costs more than the bytes. */
const gapMax = 32_768

/** @returns undefined where the file has no manifest: it was never finished, or is deleted */
export async function readManifest(store: BlobStore, primitives: Primitives, key: TableKey): Promise<Manifest | undefined> {
  const sealed = await readAll(store, manifestName(key.file))
  return sealed === undefined ? undefined : readManifestBytes(openFrame(primitives, key, 'manifest', sealed))
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
  const places = placesOf(manifest, columns)
  let next = fetchFrames(store, manifest, from, places)
  try {
    for (let chunk = from; chunk < manifest.chunks.length; chunk++) {
      const frames = await next
      next = fetchFrames(store, manifest, chunk + 1, places)
      yield openFrames(primitives, key, manifest, chunk, places, frames)
    }
  } finally {
    await next.catch(() => {})
  }
}

/** Where the columns stand among the fields. */
export function placesOf(manifest: Pick<Manifest, 'fields'>, columns: readonly string[]): readonly number[] {
  return columns.map((name) => {
    const at = manifest.fields.findIndex((field) => field.name === name)
    if (at < 0) throw new RangeError(`the table has no column ${name}; it has ${manifest.fields.map((field) => field.name).join(', ')}`)
    return at
  })
}

/** Sealed frames of the columns at `places`, in that order; none behind the last chunk. */
export async function fetchFrames(store: BlobStore, manifest: Manifest, chunk: number, places: readonly number[]): Promise<readonly Uint8Array[]> {
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

export function openFrames(
  primitives: Primitives,
  key: TableKey,
  manifest: Pick<Manifest, 'fields' | 'chunks'>,
  chunk: number,
  places: readonly number[],
  frames: readonly Uint8Array[],
): Dataset {
  const place = manifest.chunks[chunk] as ChunkPlace
  const open = (at: number, index: number): Column => openColumn(primitives, key, manifest.fields, place, { chunk, column: at }, frames[index] as Uint8Array)
  return { rowCount: place.rows, columns: places.map(open) }
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
