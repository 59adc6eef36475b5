import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, utf8 } from './bytes.ts'
import { type BodyRange, FrameError, frameLength, openFrames, openRange, sealedRange, sealedSize, sealFrames } from './frames.ts'
import { nodePrimitives as primitives } from './node.ts'

const key = new Uint8Array(32).fill(7)
const context = utf8('tenant, document, version')
const sealedFrame = frameLength + 16
const prefix = 7

async function* pieces(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
}
async function all(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return concat(...parts)
}
const seal = (bytes: Uint8Array, withKey = key, within = context) => all(sealFrames(primitives, withKey, within, pieces(bytes)))
const open = (sealed: Uint8Array, withKey = key, within = context) => all(openFrames(primitives, withKey, within, pieces(sealed)))
const body = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251)
const frame = (sealed: Uint8Array, number: number) => sealed.subarray(prefix + number * sealedFrame, prefix + (number + 1) * sealedFrame)

describe('a stream that is not as it was sealed does not open', () => {
  const plain = body(3 * frameLength + 10)

  it('cut anywhere: within a frame, at its end, before the last', async () => {
    const sealed = await seal(plain)
    for (const length of [0, 3, prefix, prefix + 1, prefix + 15, prefix + sealedFrame, prefix + 3 * sealedFrame, sealed.length - 1])
      await expect(open(sealed.subarray(0, length)), `${length}`).rejects.toThrow(FrameError)
  })

  it('cut at the end of a frame, hands out what came before and then fails', async () => {
    const sealed = await seal(plain)
    const got: number[] = []
    const reading = async () => {
      for await (const part of openFrames(primitives, key, context, pieces(sealed.subarray(0, prefix + 2 * sealedFrame)))) got.push(part.length)
    }
    await expect(reading()).rejects.toThrow('frame 1 of the stream does not open')
    expect(got).toEqual([frameLength])
  })

  it('with frames swapped, repeated, dropped, or added at the end', async () => {
    const sealed = await seal(plain)
    const head = sealed.subarray(0, prefix)
    const [a, b, c, d] = [0, 1, 2, 3].map((number) => frame(sealed, number)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    for (const frames of [[b, a, c, d], [a, a, b, c, d], [a, c, d], [b, c, d], [a, b, c, d, d], [a, b, c, d, new Uint8Array(16)], [d]])
      await expect(open(concat(head, ...frames))).rejects.toThrow(FrameError)
  })

  it('with frames of another stream under the same key', async () => {
    const [one, other] = [await seal(plain), await seal(plain)]
    await expect(open(concat(one.subarray(0, prefix + sealedFrame), other.subarray(prefix + sealedFrame)))).rejects.toThrow(FrameError)
  })

  it('in another place, or under another key', async () => {
    const sealed = await seal(plain)
    await expect(open(sealed, key, utf8('elsewhere'))).rejects.toThrow(FrameError)
    await expect(open(sealed, new Uint8Array(32))).rejects.toThrow(FrameError)
    await expect(open(sealed, new Uint8Array(16))).rejects.toThrow(RangeError)
  })

  it('with any bit turned', async () => {
    const sealed = await seal(body(100))
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed)
      changed[at] = (changed[at] as number) ^ (1 << (at % 8))
      await expect(open(changed)).rejects.toThrow(FrameError)
    }
  })
})

describe('a stream', () => {
  it.each([0, 1, frameLength - 1, frameLength, frameLength + 1, 3 * frameLength])(
    'of %i bytes opens to what was sealed, and has the length foretold',
    async (size) => {
      const sealed = await seal(body(size))
      expect(sealed.length).toBe(sealedSize(size))
      expect(Buffer.from(await open(sealed)).equals(body(size))).toBe(true)
    },
  )

  it('is the same however its bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 6 }), fc.integer({ min: 1, max: 70_000 }), async (sizes, step) => {
        const parts = sizes.map(body)
        const sealed = await all(sealFrames(primitives, key, context, pieces(...parts)))
        const cut = Array.from({ length: Math.ceil(sealed.length / step) }, (_, at) => sealed.subarray(at * step, (at + 1) * step))
        expect(Buffer.from(await all(openFrames(primitives, key, context, Readable.from(cut)))).equals(concat(...parts))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('holds no more than a frame or two in memory: it asks for the next piece only when one was taken', async () => {
    let asked = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked++
        yield body(frameLength)
      }
    }
    const frames = sealFrames(primitives, key, context, endless())
    for (let at = 0; at < 5; at++) await frames.next()
    expect(asked).toBeLessThanOrEqual(6)
    await frames.return()
  })
})

describe('a part of a stream', () => {
  const size = 3 * frameLength + 10
  const plain = body(size)
  const part = (sealed: Uint8Array, range: BodyRange, at = sealedRange(range), from = sealed) =>
    all(openRange(primitives, key, context, range, sealed.subarray(0, prefix), pieces(from.subarray(at.start, at.end))))

  it('is what lies there, whatever its ends, and touches no other frame', async () => {
    const sealed = await seal(plain)
    const ends = fc.tuple(fc.nat(size - 1), fc.integer({ min: 1, max: size })).map(([start, length]) => ({ start, end: Math.min(size, start + length), size }))
    await fc.assert(
      fc.asyncProperty(ends, async (range) => {
        expect(Buffer.from(await part(sealed, range)).equals(plain.subarray(range.start, range.end))).toBe(true)
      }),
      { numRuns: 40 },
    )
    expect(sealedRange({ start: frameLength, end: frameLength + 1, size })).toEqual({ start: prefix + sealedFrame, end: prefix + 2 * sealedFrame })
    expect(sealedRange({ start: size - 1, end: size, size }).end).toBe(sealed.length)
  })

  it('does not open from elsewhere, cut, or of a stream said to be longer or shorter', async () => {
    const sealed = await seal(plain)
    const range = { start: 10, end: 2 * frameLength, size }
    const { start, end } = sealedRange(range)
    await expect(part(sealed, range, { start, end: end - 1 })).rejects.toThrow(FrameError)
    await expect(part(sealed, range, { start, end: end - sealedFrame })).rejects.toThrow(FrameError)
    await expect(part(sealed, range, { start, end: end + sealedFrame })).rejects.toThrow(FrameError)
    await expect(part(sealed, range, { start: start + sealedFrame, end: end + sealedFrame })).rejects.toThrow(FrameError)
    await expect(part(sealed, range, { start, end: start })).rejects.toThrow(FrameError)
    const tail = { start: size - 5, end: size, size }
    expect((await part(sealed, tail)).length).toBe(5)
    await expect(part(sealed, { ...tail, end: size - 1, size: size - frameLength }, sealedRange(tail))).rejects.toThrow(Error)
    await expect(part(sealed, { start: size - 5, end: size, size: size + frameLength }, sealedRange(tail))).rejects.toThrow(FrameError)
  })

  it.each([
    { start: 0, end: 0, size: 5 },
    { start: 3, end: 2, size: 5 },
    { start: 0, end: 6, size: 5 },
    { start: -1, end: 2, size: 5 },
  ])('is refused where it is none: %o', (range) => expect(() => sealedRange(range)).toThrow(RangeError))
})
