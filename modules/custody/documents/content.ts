import type { Id } from '@gatehouse/core/id'
import { concat } from '@gatehouse/crypto/bytes'
import { type BodyRange, FrameError, openFrames, openRange, prefixLength, sealedRange } from '@gatehouse/crypto/frames'
import type { Node } from '@gatehouse/runtime/door/node'
import { frameContext, versionKey } from './keys.ts'
import type { VersionRow } from './store.ts'

/**
 * The file of a version, or a part of it, opened as it is read. `undefined` when the object is gone.
 * @param key the document's
 */
export async function contentOf(
  node: Node,
  tenant: Id<'tenant'>,
  key: Uint8Array,
  row: VersionRow,
  part?: Pick<BodyRange, 'start' | 'end'>,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const { primitives } = node.keys
  const fileKey = versionKey(node, key, row.salt)
  const context = frameContext(tenant, row.document_id, row.blob)
  if (part === undefined) {
    const sealed = await node.blobs.get(row.blob)
    return sealed === undefined ? undefined : openFrames(primitives, fileKey, context, sealed)
  }
  const range = { ...part, size: row.bytes }
  const [prefix, sealed] = [await node.blobs.get(row.blob, { end: prefixLength }), await node.blobs.get(row.blob, sealedRange(range))]
  if (prefix === undefined || sealed === undefined) return undefined
  return openRange(primitives, fileKey, context, range, await bytesOf(prefix), sealed)
}

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return concat(...pieces)
}

/** Begins to read, so that a file that does not open is refused before the answer begins. `undefined` when it does not. */
export async function begun(content: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array> | undefined> {
  const pieces = content[Symbol.asyncIterator]()
  const first = await pieces.next().catch((error: unknown) => {
    if (error instanceof FrameError) return undefined
    throw error
  })
  if (first === undefined) return undefined
  async function* whole(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let next = first; next !== undefined && !next.done; next = await pieces.next()) yield next.value
    } finally {
      await pieces.return?.()
    }
  }
  return whole()
}
