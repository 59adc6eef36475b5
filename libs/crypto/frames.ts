/**
 * Bytes of any length, sealed and opened piece by piece (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015):
 *
 *   prefix 7 ‖ frames of AES-256-GCM; nonce = prefix ‖ number u32 ‖ 1 for the last frame, 0 before
 *
 * Each frame holds 65,536 bytes but the last, which may hold fewer, and none where there is nothing to seal. The nonce carries place
 * and end, so a frame that was cut off, moved, repeated or taken from another stream does not open. A key seals one stream.
 */
import { aeadKeyLength, tagLength } from './aead.ts'
import { concat, u32 } from './bytes.ts'
import type { Primitives } from './primitives.ts'

export const frameLength = 65_536
export const prefixLength = 7
const sealedLength = frameLength + tagLength
/** 256 TiB; the number must not wrap. */
const framesMax = 2 ** 32

/** The stream was changed, cut or belongs elsewhere: which of these is not said. What was opened before this was in order. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

/** The sealed length of `size` bytes. */
export function sealedSize(size: number): number {
  return prefixLength + size + Math.max(1, Math.ceil(size / frameLength)) * tagLength
}

/** A part of a body of `size` bytes: from `start` up to but not including `end`. */
export interface BodyRange {
  readonly start: number
  readonly end: number
  readonly size: number
}

/** Which bytes of the sealed stream hold that part: the whole frames it touches. */
export function sealedRange({ start, end, size }: BodyRange): { readonly start: number; readonly end: number } {
  if (!(0 <= start && start < end && end <= size)) throw new RangeError('a range lies within the body and is not empty')
  return {
    start: prefixLength + Math.floor(start / frameLength) * sealedLength,
    end: Math.min(prefixLength + Math.ceil(end / frameLength) * sealedLength, sealedSize(size)),
  }
}

/** @param context binds the stream to its place, in every frame */
export async function* sealFrames(
  primitives: Primitives,
  key: Uint8Array,
  context: Uint8Array,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const nonceOf = noncesFrom(key, primitives.randomBytes(prefixLength))
  yield nonceOf.prefix
  for await (const { bytes, number, last } of inFrames(body, frameLength)) yield* primitives.aesGcmSeal(key, nonceOf(number, last), bytes, context)
}

/** Nothing of a frame is handed out before its tag was checked. @throws FrameError at the first frame that does not open */
export async function* openFrames(
  primitives: Primitives,
  key: Uint8Array,
  context: Uint8Array,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { prefix, rest } = await splitPrefix(sealed)
  const nonceOf = noncesFrom(key, prefix)
  for await (const { bytes, number, last } of inFrames(rest, sealedLength)) {
    const opened = primitives.aesGcmOpen(key, nonceOf(number, last), bytes, context)
    // An empty last frame stands only for an empty stream: there is one way to seal a body.
    if (opened === undefined || (opened.length === 0 && number > 0)) throw new FrameError(`frame ${number} of the stream does not open`)
    if (opened.length > 0) yield opened
  }
}

/**
 * A part of the body, from the frames that hold it and no others.
 * @param prefix the first bytes of the sealed stream, as many as `prefixLength`
 * @param sealed what lies at `sealedRange(range)`
 * @throws FrameError at the first frame that does not open, and where one is missing
 */
export async function* openRange(
  primitives: Primitives,
  key: Uint8Array,
  context: Uint8Array,
  range: BodyRange,
  prefix: Uint8Array,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (prefix.length !== prefixLength) throw new FrameError('the stream ends before its first frame')
  const nonceOf = noncesFrom(key, prefix)
  const first = Math.floor(range.start / frameLength)
  const final = Math.ceil(range.size / frameLength) - 1
  let next = range.start
  for await (const { bytes, number } of inFrames(sealed, sealedLength)) {
    const place = first + number
    const opened = primitives.aesGcmOpen(key, nonceOf(place, place === final), bytes, context)
    const wanted = opened?.subarray(next - place * frameLength, range.end - place * frameLength)
    if (wanted === undefined || wanted.length === 0) throw new FrameError(`frame ${place} of the stream does not open`)
    yield wanted
    next += wanted.length
  }
  if (next !== range.end) throw new FrameError(`the stream ends after ${next} of the bytes up to ${range.end}`)
}

function noncesFrom(key: Uint8Array, prefix: Uint8Array) {
  if (key.length !== aeadKeyLength) throw new RangeError(`an AES-256-GCM key has ${aeadKeyLength} bytes, got ${key.length}`)
  const nonceOf = (number: number, last: boolean) => {
    if (number >= framesMax) throw new RangeError('a stream has at most 2^32 frames')
    return concat(prefix, u32(number), Uint8Array.of(last ? 1 : 0))
  }
  return Object.assign(nonceOf, { prefix })
}

interface Piece {
  readonly bytes: Uint8Array
  readonly number: number
  readonly last: boolean
}

/** Pieces of exactly `length` but the last. A full piece waits until it is known whether another follows. */
async function* inFrames(body: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Piece, void, undefined> {
  let piece = new Uint8Array(length)
  let filled = 0
  let number = 0
  for await (const bytes of body) {
    for (let at = 0; at < bytes.length; ) {
      if (filled === length) {
        yield { bytes: piece, number: number++, last: false }
        piece = new Uint8Array(length)
        filled = 0
      }
      const taken = Math.min(length - filled, bytes.length - at)
      piece.set(bytes.subarray(at, at + taken), filled)
      at += taken
      filled += taken
    }
  }
  yield { bytes: piece.subarray(0, filled), number, last: true }
}

async function splitPrefix(sealed: AsyncIterable<Uint8Array>): Promise<{ prefix: Uint8Array; rest: AsyncGenerator<Uint8Array, void, undefined> }> {
  const pieces = sealed[Symbol.asyncIterator]()
  let head = new Uint8Array(0)
  while (head.length < prefixLength) {
    const next = await pieces.next()
    if (next.done) throw new FrameError('the stream ends before its first frame')
    head = new Uint8Array(concat(head, next.value))
  }
  async function* rest(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield head.subarray(prefixLength)
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value
    } finally {
      await pieces.return?.()
    }
  }
  return { prefix: head.slice(0, prefixLength), rest: rest() }
}
