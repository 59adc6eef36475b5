import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { fromBase64, toHex } from '@gatehouse/crypto/bytes'
import { nodeVerify } from '@gatehouse/crypto/node'
import { anonymous } from '@gatehouse/runtime/base/context'
import type { FileAnswer } from '@gatehouse/runtime/door/operation'
import { openCheckpoint } from '@gatehouse/transparency/checkpoint'
import { parseEntryBundle } from '@gatehouse/transparency/entry-bundle'
import { leafHash } from '@gatehouse/transparency/merkle'
import { parseNoteKey } from '@gatehouse/transparency/note'
import { consistencyProof, inclusionProof, verifyInclusion } from '@gatehouse/transparency/proof'
import { parseTlogProof } from '@gatehouse/transparency/tlog-proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportLog } from '../../../apps/cli/files/export-log.ts'
import { consistency } from '../consistency.ts'
import { prove } from '../prove.ts'
import { type LedgerNode, ledgerNode, sha256 } from '../testing/ledger-node.ts'
import { configureLog } from '../witnesses/operations.ts'
import { logCheckpoint, logTile, logVkeys } from './serve.ts'
import { tlogProof } from './tlog-proof.ts'

const size = 600
let t: LedgerNode
let ids: Id<'entry'>[]
beforeAll(async () => {
  t = await ledgerNode()
  ids = await t.fill(size)
  await t.sequence()
})
afterAll(() => t.close())

async function bytesOf(answer: Awaited<ReturnType<typeof t.door.enter>>): Promise<Uint8Array> {
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  const chunks: Buffer[] = []
  for await (const chunk of (answer.output as FileAnswer).chunks) chunks.push(Buffer.from(chunk as Uint8Array))
  return new Uint8Array(Buffer.concat(chunks))
}
const tile = async (path: string, who = t.admin) => bytesOf(await t.door.enter(logTile, { log: t.tenant, tile: path }, who))
const text = async (operation: typeof logCheckpoint | typeof logVkeys, who = t.admin) =>
  Buffer.from(await bytesOf(await t.door.enter(operation, { log: t.tenant }, who))).toString()
const read = async (path: string): Promise<Uint8Array> => {
  if (path === 'checkpoint') return Buffer.from(await text(logCheckpoint))
  if (path === 'vkeys') return Buffer.from(await text(logVkeys))
  return tile(path.slice('tile/'.length))
}

describe('the files of a log', () => {
  it('do not exist for strangers, other institutions and those without the right, until it is published', async () => {
    const other = { ...t.admin, tenant: '01980000-0000-7000-8000-0000000000fe' as Id<'tenant'> }
    for (const who of [anonymous, other]) {
      await expect(t.door.enter(logCheckpoint, { log: t.tenant }, who)).rejects.toMatchObject({ kind: { status: 404 } })
      await expect(t.door.enter(logTile, { log: t.tenant, tile: '0/000' }, who)).rejects.toMatchObject({ kind: { status: 404 } })
      await expect(t.door.enter(logVkeys, { log: t.tenant }, who)).rejects.toMatchObject({ kind: { status: 404 } })
    }
    await expect(t.door.enter(logCheckpoint, { log: 'node' }, t.admin)).rejects.toMatchObject({ kind: { status: 404 } })
    await t.door.enter(configureLog, { publish_log: true }, t.admin)
    const open = await t.door.enter(logTile, { log: t.tenant, tile: '0/000' }, anonymous)
    expect(open).toMatchObject({ outcome: 'done', output: { mediaType: 'application/octet-stream', cache: 'public, max-age=31536000, immutable' } })
    expect(await t.door.enter(logCheckpoint, { log: t.tenant }, anonymous)).toMatchObject({ output: { mediaType: 'text/plain; charset=utf-8' } })
    await t.door.enter(configureLog, { publish_log: false }, t.admin)
    await expect(t.door.enter(logCheckpoint, { log: t.tenant }, anonymous)).rejects.toMatchObject({ kind: { status: 404 } })
    expect(await t.door.enter(logTile, { log: t.tenant, tile: '0/000' }, t.admin)).toMatchObject({ output: { cache: 'private, max-age=31536000, immutable' } })
  })

  it.each([
    '0/001.p/256',
    '0/1',
    '0/003',
    '0/002.p/89',
    '1/000',
    '1/000.p/3',
    '2/000.p/1',
    'entries/003',
    'entries/002.p/0',
    '0/x000/001',
    '../checkpoint',
    '64/000',
  ])('end where the tree ends, and have one spelling: not %s', async (path) => {
    await expect(tile(path)).rejects.toMatchObject({ kind: { status: 404 } })
  })

  it('give the very proofs that the API gives', async () => {
    const tiles = new Map<string, Uint8Array>()
    for (const path of ['0/000', '0/001', '0/002.p/88', '1/000.p/2']) tiles.set(path.replace(/\.p.*/, ''), await tile(path))
    const readTile = (level: number, index: number) => tiles.get(`${level}/${String(index).padStart(3, '0')}`) ?? new Uint8Array(0)
    const answer = await t.door.enter(prove, { entry: ids[300]! }, t.admin)
    if (answer.outcome !== 'done') throw new Error(answer.outcome)
    // What the other tests of this file did stands in the log too, behind what was filled in; the checkpoint is still the first.
    const opened = openCheckpoint(nodeVerify, answer.output.checkpoint, parseNoteKey(sha256, answer.output.vkey)!)
    expect(opened).toMatchObject({ outcome: 'opened', checkpoint: { size } })
    expect(answer.output.proof.map((hash) => toHex(fromBase64(hash)!))).toEqual(inclusionProof(sha256, 300, size, readTile).map(toHex))
    const step = await t.door.enter(consistency, { from: 7, to: size }, t.admin)
    if (step.outcome !== 'done') throw new Error(step.outcome)
    expect(step.output.proof.map((hash) => toHex(fromBase64(hash)!))).toEqual(consistencyProof(sha256, 7, size, readTile).map(toHex))
    const bundle = parseEntryBundle(await tile('entries/001'))!
    expect(bundle).toHaveLength(256)
    expect(toHex(Buffer.concat(bundle.map((entry) => leafHash(sha256, entry))))).toBe(toHex(readTile(0, 1)))
  })

  it('include a proof of one entry that holds by itself', async () => {
    const file = Buffer.from(await bytesOf(await t.door.enter(tlogProof, { entry: ids[42]! }, t.admin))).toString()
    const proof = parseTlogProof(file)!
    const [vkey = ''] = (await text(logVkeys)).split('\n')
    const opened = openCheckpoint(nodeVerify, proof.checkpoint, parseNoteKey(sha256, vkey)!)
    if (opened.outcome !== 'opened') throw new Error(opened.reason)
    const body = parseEntryBundle(await tile('entries/000'))![42]!
    const place = { index: proof.index, size: opened.checkpoint.size, leafHash: leafHash(sha256, body), root: opened.checkpoint.root }
    expect(proof.index).toBe(42)
    expect(Buffer.from(proof.extra!).toString()).toBe(ids[42])
    expect(verifyInclusion(sha256, place, proof.proof)).toBe(true)
    expect(verifyInclusion(sha256, { ...place, index: 41 }, proof.proof)).toBe(false)
    const stranger = t.principal({ kind: 'partner', partner: '01980000-0000-7000-8000-0000000000a1' as Id<'partner'> })
    await expect(t.door.enter(tlogProof, { entry: ids[42]! }, stranger)).rejects.toMatchObject({ kind: { status: 404 } })
  })
})

describe('an export', () => {
  it('goes on where it was broken off, and has a checkpoint only when all is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-export-'))
    try {
      let left = 4
      const breaking = async (path: string) => {
        if (path.startsWith('tile/') && left-- === 0) throw new Error('broken off')
        return read(path)
      }
      await expect(exportLog(folder, breaking)).rejects.toThrow('broken off')
      expect((await readdir(folder)).includes('checkpoint')).toBe(false)
      const first = await exportLog(folder, read)
      expect(first).toMatchObject({ origin: `gatehouse/${t.tenant}`, size })
      expect(first.kept).toBeGreaterThan(0)
      expect(first.kept + first.written).toBe(7)
      expect(await exportLog(folder, read)).toMatchObject({ written: 0, kept: 7 })
      expect((await readFile(join(folder, 'tile/entries/002.p/88'))).equals(Buffer.from(await tile('entries/002.p/88')))).toBe(true)
      await expect(stat(join(folder, 'tile/0/000.draft'))).rejects.toThrow()
      const longer = (await readFile(join(folder, 'checkpoint'), 'utf8')).replace(`\n${size}\n`, `\n${size + 1}\n`)
      await writeFile(join(folder, 'checkpoint'), longer)
      await expect(exportLog(folder, read)).rejects.toThrow('never shrinks')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
