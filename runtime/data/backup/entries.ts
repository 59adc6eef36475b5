/** Files as one stream: for each its head (length u32 ‖ JSON) and its bytes. */
import { readU32, u32, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import { BackupError, exactReader } from './sealed-file.ts'

export interface Entry {
  readonly path: string
  readonly kind: 'folder' | 'file'
  readonly size: number
  readonly bytes: () => AsyncIterable<Uint8Array>
}

const headBytesMax = 8_192
const chunkBytes = 262_144

export async function* writeEntries(entries: AsyncIterable<Entry>): AsyncGenerator<Uint8Array> {
  for await (const { path, kind, size, bytes } of entries) {
    const head = utf8(JSON.stringify({ path, kind, size }))
    yield u32(head.length)
    yield head
    // A file of a running database may grow or shrink while it is read. What its head promised is what follows; the log of changes mends the rest.
    let left = size
    for await (const chunk of bytes()) {
      if (left <= 0) break
      const part = chunk.subarray(0, left)
      left -= part.length
      yield part
    }
    for (; left > 0; left -= chunkBytes) yield new Uint8Array(Math.min(left, chunkBytes))
  }
}

/** The bytes of an entry are to be read before the next entry is asked for. @throws BackupError for a path that leads out of its place */
export async function* readEntries(source: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const reader = exactReader(source)
  for (let length = await reader.take(4); length !== undefined; length = await reader.take(4)) {
    const size = readU32(length)
    const text = size <= headBytesMax ? await reader.take(size) : undefined
    const head = text && (JSON.parse(utf8Text(text) ?? '') as Omit<Entry, 'bytes'>)
    if (head === undefined) throw new BackupError('a list of files ends in the middle')
    if (head.path.startsWith('/') || head.path.split('/').some((part) => part === '..' || part === '')) throw new BackupError('a path leads out of its place')
    let left = head.size
    async function* bytes(): AsyncGenerator<Uint8Array> {
      while (left > 0) {
        const chunk = await reader.take(Math.min(left, chunkBytes))
        if (chunk === undefined) throw new BackupError(`${head?.path} ends in the middle`)
        left -= chunk.length
        yield chunk
      }
    }
    yield { ...head, bytes }
    for await (const _ of bytes()) {
      // What the consumer left unread is passed over.
    }
  }
}
