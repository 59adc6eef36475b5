/** A table is written chunk by chunk; whoever is killed in between goes on after the last chunk that is there. */
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type BlobStore, listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { inPieces, readAll } from './bytes.ts'
import { type ChunkObject, chunkName, readLine, sealChunk } from './chunk-object.ts'
import { type ChunkPlace, type Manifest, manifestBytes, manifestOf } from './manifest.ts'
import { partName, putPart } from './parts.ts'
import type { TableKey } from './seal.ts'

export interface WriteOptions {
  /** Chunks that are there already, as `writtenChunks` gives them. */
  readonly after?: readonly ChunkPlace[]
  /** Once the chunk is durable. */
  readonly onChunk?: (chunk: ChunkPlace) => void
}

/**
 * The chunks are durable before the manifest is, and a reader without the manifest reads nothing. A body that throws leaves the chunks
 * before it.
 */
export async function writeTable(
  store: BlobStore,
  primitives: Primitives,
  key: TableKey,
  fields: readonly Field[],
  chunks: AsyncIterable<Dataset> | Iterable<Dataset>,
  options: WriteOptions = {},
): Promise<Manifest> {
  const written = [...(options.after ?? [])]
  for await (const chunk of chunks) {
    if (chunk.rowCount === 0) continue
    const sealed = sealChunk(primitives, key, fields, written.length, chunk)
    await putChunk(store, sealed)
    written.push(sealed.place)
    options.onChunk?.(sealed.place)
  }
  return putManifest(store, primitives, key, manifestOf(key.file, fields, written))
}

export async function putChunk(store: BlobStore, { place, pieces }: ChunkObject): Promise<void> {
  await store.put(place.object, inPieces(pieces))
}

export async function putManifest(store: BlobStore, primitives: Primitives, key: TableKey, manifest: Manifest): Promise<Manifest> {
  await putPart(store, primitives, key, 'manifest', manifestBytes(manifest))
  return manifest
}

/** The chunks of a file that has no manifest yet, from the first up to the first that is missing or damaged. */
export async function writtenChunks(store: BlobStore, primitives: Primitives, key: TableKey): Promise<readonly ChunkPlace[]> {
  const chunks: ChunkPlace[] = []
  for (;;) {
    const object = await readAll(store, chunkName(key.file, chunks.length))
    if (object === undefined) return chunks
    try {
      chunks.push(readLine(primitives, key, chunks.length, object))
    } catch {
      return chunks
    }
  }
}

/** Every object of the file; what is not there is deleted already. The manifest goes first, so that no reader begins. */
export async function deleteTable(store: BlobStore, file: string): Promise<void> {
  await store.delete(partName(file, 'manifest'))
  for await (const { name } of listAll(store, `${file}/`)) await store.delete(name)
}
