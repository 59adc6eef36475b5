import { utf8 } from '@gatehouse/crypto/bytes'
import { nodeSigner, nodeVerify } from '@gatehouse/crypto/node'
import { describe, expect, it } from 'vitest'
import { signCheckpoint } from './checkpoint.ts'
import { emptyRoot } from './merkle.ts'
import { noteKey } from './note.ts'
import { consistencyProof } from './proof.ts'
import { leaves, sha256, TileStore } from './testing/tile-store.ts'
import { appendLeaves, emptyTree } from './tile.ts'
import { formatAddCheckpoint, judgeCheckpoint, parseAddCheckpoint } from './witness.ts'

const signer = nodeSigner(new Uint8Array(32).fill(1))
const stranger = nodeSigner(new Uint8Array(32).fill(2))
const log = noteKey(sha256, 'log.example', signer.publicKey)
const store = new TileStore()
const tree = appendLeaves(sha256, emptyTree, leaves(20))
store.keep(tree.changedTiles)
const rootAt = (size: number) => (size === 0 ? emptyRoot(sha256) : appendLeaves(sha256, emptyTree, leaves(size)).root)
const note = (size: number, root = rootAt(size), by = signer) => signCheckpoint(sha256, { origin: 'log.example', size, root }, by)
const proof = (from: number, to: number) => consistencyProof(sha256, from, to, store.read)
const judge = (body: string, latest?: number) =>
  judgeCheckpoint(sha256, nodeVerify, body, [log], () => (latest === undefined ? undefined : { size: latest, root: rootAt(latest) }))
const ask = (oldSize: number, size: number, latest?: number, hashes = oldSize === 0 ? [] : proof(oldSize, size)) =>
  judge(formatAddCheckpoint({ oldSize, proof: hashes, note: note(size) }), latest)

describe('a witness refuses', () => {
  it.each([
    ['an empty body', ''],
    ['no old size', `\n\n${note(3)}`],
    ['an old size with a leading zero', `old 00\n\n${note(3)}`],
    ['a hash that is none', `old 0\nabc\n\n${note(3)}`],
    ['more than 63 hashes', formatAddCheckpoint({ oldSize: 0, proof: Array.from({ length: 64 }, () => rootAt(1)), note: note(3) })],
    ['a note that is none', 'old 0\n\nlog.example\n3\n'],
    ['an old size above the new one', formatAddCheckpoint({ oldSize: 4, proof: [], note: note(3) })],
  ])('%s as malformed (400)', (_, body) => {
    expect(judge(body)).toEqual({ status: 400 })
  })
  it('a log that it does not know (404)', () => {
    const other = signCheckpoint(sha256, { origin: 'other.example', size: 3, root: rootAt(3) }, signer)
    expect(judge(formatAddCheckpoint({ oldSize: 0, proof: [], note: other }))).toEqual({ status: 404 })
  })
  it('a checkpoint that the log did not sign (403)', () => {
    expect(judge(formatAddCheckpoint({ oldSize: 0, proof: [], note: note(3, rootAt(3), stranger) }))).toEqual({ status: 403 })
    expect(judge(formatAddCheckpoint({ oldSize: 0, proof: [], note: note(3).replace('\n3\n', '\n4\n') }))).toEqual({ status: 403 })
  })
  it('a caller who thinks that it is elsewhere (409), and says where it is', () => {
    expect(ask(0, 9, 5)).toEqual({ status: 409, latest: 5 })
    expect(ask(4, 9, 5)).toEqual({ status: 409, latest: 5 })
    expect(ask(4, 9)).toEqual({ status: 409, latest: 0 })
  })
  it('an older checkpoint, which could only be a step back (409)', () => {
    expect(ask(3, 4, 7)).toEqual({ status: 409, latest: 7 })
    expect(ask(0, 4, 7)).toEqual({ status: 409, latest: 7 })
  })
  it('another tree of the size it cosigned (409)', () => {
    expect(judge(formatAddCheckpoint({ oldSize: 5, proof: [], note: note(5, rootAt(6)) }), 5)).toEqual({ status: 409, latest: 5 })
    expect(judge(formatAddCheckpoint({ oldSize: 0, proof: [], note: note(0, rootAt(1)) }))).toEqual({ status: 409, latest: 0 })
  })
  it('a tree that does not begin with the one it cosigned (422)', () => {
    const forked = formatAddCheckpoint({ oldSize: 5, proof: proof(5, 9), note: note(9, sha256(utf8('another history'))) })
    expect(judge(forked, 5)).toEqual({ status: 422 })
    expect(ask(5, 9, 5, [])).toEqual({ status: 422 })
    expect(ask(5, 9, 5, proof(5, 9).slice(1))).toEqual({ status: 422 })
    expect(ask(5, 5, 5, proof(3, 5))).toEqual({ status: 422 })
    expect(ask(0, 5, undefined, proof(3, 5))).toEqual({ status: 422 })
  })
})

describe('a witness accepts', () => {
  it('the first checkpoint it sees of a log, and whatever begins with what it cosigned', () => {
    expect(ask(0, 5)).toMatchObject({ status: 200, checkpoint: { origin: 'log.example', size: 5 } })
    for (let from = 1; from <= 20; from++) {
      for (let to = from; to <= 20; to++) expect(ask(from, to, from), `${from} to ${to}`).toMatchObject({ status: 200 })
    }
  })
  it('the same checkpoint again, for an answer may be lost', () => {
    expect(ask(5, 5, 5)).toMatchObject({ status: 200 })
  })
  it('the form that the standard shows', () => {
    const body = formatAddCheckpoint({ oldSize: 3, proof: proof(3, 9), note: note(9) })
    expect(body.split('\n').slice(0, 2)[0]).toBe('old 3')
    expect(parseAddCheckpoint(body)).toEqual({ oldSize: 3, proof: proof(3, 9), note: note(9) })
  })
})
