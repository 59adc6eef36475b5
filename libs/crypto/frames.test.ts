import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, utf8 } from './bytes.ts'
import { FrameError, frameLength, openFrames, sealedSize, sealFrames } from './frames.ts'
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
        expect(Buffer.from(await all(openFrames(primitives, key, context, pieces(...cut)))).equals(concat(...parts))).toBe(true)
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
