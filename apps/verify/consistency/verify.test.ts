import { beforeAll, describe, expect, it } from 'vitest'
import { noWitnesses } from '../checkpoint.ts'
import { nodeCryptography } from '../command/machine.ts'
import { noMemory } from '../command/memory.ts'
import { readKeys, type TrustedKey } from '../keys.ts'
import type { Tree } from '../merkle.ts'
import { judge } from '../report.ts'
import { logKey, origin, vaultSigner } from '../testing/write-bundle.ts'
import { writeLog } from '../testing/write-log.ts'
import { gatehouseEntries, sourceOf, writeTiles } from '../testing/write-tiles.ts'
import { meetMemory } from './memory.ts'
import { type ConsistencyQuestion, verifyConsistency } from './verify.ts'

let keys: TrustedKey[]
beforeAll(async () => {
  keys = await readKeys(logKey, nodeCryptography)
})
const check = (earlier: string, later: string, by?: ConsistencyQuestion['by']) =>
  judge(async (run) => {
    await verifyConsistency(run, {
      earlier: { name: 'earlier', note: earlier },
      later: { name: 'later', note: later },
      by,
      keys,
      policy: noWitnesses,
      cryptography: nodeCryptography,
    })
  })
const last = (report: Awaited<ReturnType<typeof check>>) => report.checks.at(-1)
const note = (size: number, first = 0) => writeLog(size, first).checkpoint
const later = writeLog(700)

describe('two checkpoints are refused', () => {
  it('when the log went back, was forked, or is another', async () => {
    expect(last(await check(note(700), note(300)))).toMatchObject({ verdict: 'bad', place: 'later', text: expect.stringContaining('went back') })
    expect(last(await check(note(300), note(300, 1)))).toMatchObject({ verdict: 'bad', place: 'later', text: expect.stringContaining('forked') })
    const other = note(300).replace(origin, `${origin}/other`)
    expect(await check(other, note(700))).toMatchObject({ verdict: 'bad' })
    expect(await check(writeLog(300, 0, vaultSigner).checkpoint, note(700))).toMatchObject({ verdict: 'cannot_tell' })
  })
  it('when the proof or the tiles do not show that one grew out of the other', async () => {
    const proof = later.consistency(300)
    for (const hashes of [[], proof.slice(1), proof.toReversed(), [...proof, proof[0]]])
      expect(last(await check(note(300), later.checkpoint, { proof: hashes.join('\n') }))).toMatchObject({ verdict: 'bad', place: 'proof' })
    expect(last(await check(note(300, 1), later.checkpoint, { proof: proof.join('\n') }))).toMatchObject({ verdict: 'bad' })
    expect(last(await check(note(300), later.checkpoint, { proof: 'nonsense' }))).toMatchObject({ verdict: 'bad', place: 'proof 0' })
    expect(last(await check(note(300), later.checkpoint, { log: sourceOf(writeTiles(gatehouseEntries(700, 1))) }))).toMatchObject({
      verdict: 'bad',
      place: 'tile',
    })
  })
})

it('cannot be told without a proof', async () => {
  expect(last(await check(note(300), note(700)))).toMatchObject({ verdict: 'cannot_tell', text: expect.stringContaining('--proof') })
})

it('is good for every size, by a proof and by the tiles', async () => {
  const log = sourceOf(writeTiles(gatehouseEntries(700)))
  for (const size of [0, 1, 2, 255, 256, 257, 300, 512, 699, 700]) {
    expect(await check(note(size), later.checkpoint, { log }), `${size} by tiles`).toMatchObject({ verdict: 'good' })
    const grown = sourceOf(writeTiles(gatehouseEntries(900)))
    expect(await check(note(size), later.checkpoint, { log: grown }), `${size} by the tiles of a log that has grown`).toMatchObject({ verdict: 'good' })
    const proof = size === 0 || size === 700 ? '' : JSON.stringify({ proof: later.consistency(size) })
    expect(await check(note(size), later.checkpoint, { proof }), `${size} by proof`).toMatchObject({ verdict: 'good' })
  }
})

it('a checkpoint alone is remembered, and contradicts its twin', async () => {
  const kept: Tree[] = []
  const memory = { ...noMemory, recall: async () => kept, remember: async (_: string, seen: readonly Tree[]) => void kept.splice(0, kept.length, ...seen) }
  const meet = (root: number, signed = true) =>
    judge(async (run) => {
      run.note('good', '', 'signed')
      await meetMemory(run, { origin, size: 5, root: new Uint8Array(32).fill(root), signed, signedBy: [], cosignatures: [] }, 'proof', memory)
    })
  expect((await meet(9, false)).verdict).toBe('good')
  expect(kept).toHaveLength(0)
  expect((await meet(1)).verdict).toBe('good')
  expect((await meet(1)).verdict).toBe('good')
  expect(kept).toHaveLength(1)
  expect((await meet(2)).checks.at(-1)).toMatchObject({ verdict: 'bad', place: 'proof', text: expect.stringContaining('forked') })
  expect(kept).toHaveLength(1)
})
