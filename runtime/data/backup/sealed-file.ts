/**
 * A stream sealed in frames under a key of its own, which is wrapped for the epoch. A frame is bound to its number, to the file's head and to whether it
 * is the last, so that nothing can be changed, exchanged, repeated or cut off unseen; the fault is named with file and frame.
 *
 * Bytes: "GHBACK01" ‖ length u32 ‖ head (JSON) ‖ frames, each length u32 ‖ ciphertext ‖ tag 16. The nonce is the number (8 bytes) and the mark of the last (4).
 */
import { concat, fromBase64, lengthPrefixed, readU32, toBase64, u32, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Epochs } from '../keys/epochs.ts'

const magic = utf8('GHBACK01')
const frameBytes = 1_048_576
const frameBytesMax = frameBytes + 16
const headBytesMax = 4_096

/** The file was changed, cut, or is not of this backup; named with its place. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}

interface Head {
  readonly v: 1
  readonly backup: string
  readonly name: string
  readonly epoch: number
  readonly wrapped: string
}

const contextOf = (head: Pick<Head, 'backup' | 'name' | 'epoch'>) => ['gatehouse/backup/v1', head.backup, head.name, String(head.epoch)]

function nonceOf(number: number, last: boolean): Uint8Array {
  const nonce = new Uint8Array(12)
  const view = new DataView(nonce.buffer)
  view.setBigUint64(0, BigInt(number))
  view.setUint32(8, last ? 1 : 0)
  return nonce
}

export async function* sealStream(
  primitives: Primitives,
  epochs: Epochs,
  backup: string,
  name: string,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const epoch = await epochs.newest()
  const key = primitives.randomBytes(32)
  const wrapped = toBase64(wrapKey(primitives, epoch.key, key, contextOf({ backup, name, epoch: epoch.number })))
  const head = utf8(JSON.stringify({ v: 1, backup, name, epoch: epoch.number, wrapped } satisfies Head))
  yield concat(magic, u32(head.length), head)
  const bound = lengthPrefixed([head])
  let number = 0
  const sealed = (frame: Uint8Array, last: boolean) => {
    const [ciphertext, tag] = primitives.aesGcmSeal(key, nonceOf(number++, last), frame, bound)
    return concat(u32(ciphertext.length + tag.length), ciphertext, tag)
  }
  let held: Uint8Array = new Uint8Array(0)
  for await (const chunk of body) {
    held = concat(held, chunk)
    while (held.length > frameBytes) {
      yield sealed(held.subarray(0, frameBytes), false)
      held = held.slice(frameBytes)
    }
  }
  yield sealed(held, true)
}

/** @throws BackupError naming the file and the frame that does not hold */
export async function* openStream(
  primitives: Primitives,
  epochs: Epochs,
  backup: string,
  name: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = exactReader(source)
  const fail = (what: string) => new BackupError(`${name}: ${what}`)
  const start = await reader.take(magic.length + 4)
  if (start === undefined || !primitives.equal(start.subarray(0, magic.length), magic)) throw fail('this is no sealed file of a backup')
  const headLength = readU32(start, magic.length)
  const headBytes = headLength <= headBytesMax ? await reader.take(headLength) : undefined
  const head = headBytes && parseHead(headBytes)
  if (headBytes === undefined || head === undefined) throw fail('its head cannot be read')
  if (head.backup !== backup || head.name !== name) throw fail(`it is ${head.name} of backup ${head.backup} and was put here`)
  const wrapped = fromBase64(head.wrapped)
  const key = wrapped && unwrapKey(primitives, (await epochs.key(head.epoch)).key, wrapped, contextOf(head))
  if (key === undefined) throw fail(`the key of epoch ${head.epoch} does not open it`)
  const bound = lengthPrefixed([headBytes])
  for (let number = 0; ; number++) {
    const length = await reader.take(4)
    if (length === undefined) throw fail(`it ends before its last frame, after frame ${number - 1}`)
    const size = readU32(length)
    const bytes = size >= 16 && size <= frameBytesMax ? await reader.take(size) : undefined
    if (bytes === undefined) throw fail(`frame ${number} is cut off or not one`)
    const more = primitives.aesGcmOpen(key, nonceOf(number, false), bytes, bound)
    if (more !== undefined) {
      yield more
      continue
    }
    const last = primitives.aesGcmOpen(key, nonceOf(number, true), bytes, bound)
    if (last === undefined) throw fail(`frame ${number} was changed`)
    if ((await reader.take(1)) !== undefined) throw fail(`something follows its last frame, ${number}`)
    yield last
    return
  }
}

function parseHead(bytes: Uint8Array): Head | undefined {
  try {
    const head = JSON.parse(utf8Text(bytes) ?? '') as Head
    return head.v === 1 && Number.isSafeInteger(head.epoch) && typeof head.wrapped === 'string' ? head : undefined
  } catch {
    return undefined
  }
}

/** Whole pieces of a stream of chunks; `undefined` where it ends before. */
export function exactReader(source: AsyncIterable<Uint8Array>): { take(length: number): Promise<Uint8Array | undefined> } {
  const iterator = source[Symbol.asyncIterator]()
  let held: Uint8Array[] = []
  let size = 0
  return {
    async take(length) {
      while (size < length) {
        const { value, done } = await iterator.next()
        if (done === true) return undefined
        held.push(value)
        size += value.length
      }
      const whole = concat(...held)
      held = [whole.subarray(length)]
      size -= length
      return whole.subarray(0, length)
    },
  }
}
