import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Epochs, folderEpochs } from '../keys/epochs.ts'
import { fileKeyStore } from '../keys/file-key-store.ts'
import { openStream, sealStream } from './sealed-file.ts'

let place: string
let epochs: Epochs
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'gatehouse-sealed-'))
  epochs = folderEpochs([join(place, 'epochs')], await fileKeyStore(join(place, 'root.key'), nodePrimitives, { create: true }), nodePrimitives, Date.now)
})
afterAll(() => rm(place, { recursive: true, force: true }))

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = []
  for await (const chunk of source) found.push(chunk)
  return Buffer.concat(found)
}
const seal = (bytes: Uint8Array, name = 'base') => all(sealStream(nodePrimitives, epochs, 'b1', name, chunks(bytes, 70_000)))
const open = (bytes: Uint8Array, name = 'base', backup = 'b1') => all(openStream(nodePrimitives, epochs, backup, name, chunks(bytes, 33_333)))

describe('a sealed file refuses', () => {
  it('any flipped bit, named by file and place', async () => {
    const sealed = await seal(nodePrimitives.randomBytes(500))
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] as number) ^ (1 << (at % 8))
      await expect(open(changed), `byte ${at}`).rejects.toThrow(/^base: /)
    }
  })
  it('to end anywhere but at its end, or to go on behind it', async () => {
    const sealed = await seal(nodePrimitives.randomBytes(600))
    for (let length = 0; length < sealed.length; length += 7) await expect(open(sealed.subarray(0, length)), `length ${length}`).rejects.toThrow(/^base: /)
    await expect(open(Buffer.concat([sealed, Buffer.from([0])]))).rejects.toThrow('something follows its last frame, 0')
  })
  it('frames that were dropped, repeated, exchanged or cut off between two frames', async () => {
    const sealed = await seal(nodePrimitives.randomBytes(3 * 1_048_576 + 5))
    const start = 12 + sealed.readUInt32BE(8)
    const size = 4 + 1_048_576 + 16
    const [head, ...frames] = [
      sealed.subarray(0, start),
      ...[0, 1, 2].map((n) => sealed.subarray(start + n * size, start + (n + 1) * size)),
      sealed.subarray(start + 3 * size),
    ]
    const [a, b, c, d] = frames as [Buffer, Buffer, Buffer, Buffer]
    await expect(open(Buffer.concat([head, b, c, d]))).rejects.toThrow('base: frame 0 was changed')
    await expect(open(Buffer.concat([head, a, a, b, c, d]))).rejects.toThrow('base: frame 1 was changed')
    await expect(open(Buffer.concat([head, a, c, b, d]))).rejects.toThrow('base: frame 1 was changed')
    await expect(open(Buffer.concat([head, a, b, c]))).rejects.toThrow('base: it ends before its last frame, after frame 2')
  })
  it('to be another file, or a file of another backup', async () => {
    const sealed = await seal(Buffer.from('x'))
    await expect(open(sealed, 'wal')).rejects.toThrow('wal: it is base of backup b1')
    await expect(open(sealed, 'base', 'b2')).rejects.toThrow('base: it is base of backup b1')
  })
})

it.each([0, 1, 1_048_575, 1_048_576, 1_048_577, 2_500_000])('a sealed file of %d bytes gives them back', async (size) => {
  const bytes = nodePrimitives.randomBytes(size)
  expect((await open(await seal(bytes))).equals(bytes)).toBe(true)
})
