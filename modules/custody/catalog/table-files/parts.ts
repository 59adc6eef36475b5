import type { Primitives } from '@gatehouse/crypto/primitives'
import type { BlobStore } from '@gatehouse/runtime/data/blobs/blob-store'
import { inPieces, readAll } from './bytes.ts'
import { type FilePart, openFrame, sealFrame, type TableKey } from './seal.ts'

export const partName = (file: string, part: FilePart) => `${file}/${part}`

export async function putPart(store: BlobStore, primitives: Primitives, key: TableKey, part: FilePart, bytes: Uint8Array): Promise<void> {
  await store.put(partName(key.file, part), inPieces(sealFrame(primitives, key, part, bytes)))
}

/** @returns undefined where there is none. @throws TableFileError where it does not open */
export async function readPart(store: BlobStore, primitives: Primitives, key: TableKey, part: FilePart): Promise<Uint8Array | undefined> {
  const sealed = await readAll(store, partName(key.file, part))
  return sealed === undefined ? undefined : openFrame(primitives, key, part, sealed)
}
