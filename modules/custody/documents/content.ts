import type { Id } from '@gatehouse/core/id'
import { FrameError, openFrames } from '@gatehouse/crypto/frames'
import type { Node } from '@gatehouse/runtime/door/node'
import { frameContext, versionKey } from './keys.ts'
import type { VersionRow } from './store.ts'

/**
 * The file of a version, opened as it is read. `undefined` when the object is gone.
 * @param key the document's
 */
export async function contentOf(node: Node, tenant: Id<'tenant'>, key: Uint8Array, row: VersionRow): Promise<AsyncIterable<Uint8Array> | undefined> {
  const sealed = await node.blobs.get(row.blob)
  if (sealed === undefined) return undefined
  return openFrames(node.keys.primitives, versionKey(node, key, row.salt), frameContext(tenant, row.document_id, row.blob), sealed)
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
