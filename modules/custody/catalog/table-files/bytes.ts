import type { BlobStore, Range } from '@gatehouse/runtime/data/blobs/blob-store'

/** The whole of an object or of a part of it in one piece; `undefined` when there is no such object. */
export async function readAll(store: BlobStore, name: string, range?: Range): Promise<Uint8Array | undefined> {
  const body = await store.get(name, range)
  if (body === undefined) return undefined
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)
}

export async function* inPieces(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces
}
