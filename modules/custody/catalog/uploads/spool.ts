/**
 * A file that has come, sealed in the object store until it is converted: whoever converts may need it from the beginning again, or in
 * places. The key is made for this one file and kept nowhere, so what a killed node leaves behind is noise.
 */
import type { Id } from '@gatehouse/core/id'
import { concat, utf8 } from '@gatehouse/crypto/bytes'
import { openFrames, openRange, prefixLength, sealedRange, sealFrames } from '@gatehouse/crypto/frames'
import type { Node } from '@gatehouse/runtime/door/node'
import { everyScratch } from './file-key.ts'

export interface Spool {
  readonly bytes: number
  read(): Promise<AsyncIterable<Uint8Array>>
  /** The bytes from `start` up to but not including `end`. */
  slice(start: number, end: number): Promise<Uint8Array>
  /** @throws RangeError for a file of more than `bytesMax` */
  whole(bytesMax: number): Promise<Uint8Array>
  remove(): Promise<void>
}

/** @param body is taken whole before this resolves; what it throws leaves nothing */
export async function spool(node: Node, upload: Id<'upload'>, body: AsyncIterable<Uint8Array>): Promise<Spool> {
  const { primitives } = node.keys
  const key = primitives.randomBytes(32)
  const name = `${everyScratch}${upload}`
  const context = utf8(name)
  let bytes = 0
  async function* counted(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of body) {
      bytes += piece.length
      yield piece
    }
  }
  await node.blobs.put(name, sealFrames(primitives, key, context, counted()))
  const get = async (range?: { start?: number; end?: number }) => {
    const found = await node.blobs.get(name, range)
    if (found === undefined) throw new Error('the scratch file of an upload is gone')
    return found
  }
  const slice = async (start: number, end: number): Promise<Uint8Array> => {
    const range = { start, end: Math.min(end, bytes), size: bytes }
    if (range.start >= range.end) return new Uint8Array()
    const prefix = await all(await get({ end: prefixLength }))
    return all(openRange(primitives, key, context, range, prefix, await get(sealedRange(range))))
  }
  return {
    bytes,
    slice,
    read: async () => openFrames(primitives, key, context, await get()),
    async whole(bytesMax) {
      if (bytes > bytesMax) throw new RangeError(`of ${bytes} bytes, ${bytesMax} at most are read at once`)
      return slice(0, bytes)
    },
    remove: () => node.blobs.delete(name),
  }
}

async function all(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return concat(...pieces)
}
