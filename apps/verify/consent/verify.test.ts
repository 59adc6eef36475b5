import { createHash, randomBytes } from 'node:crypto'
import { instantOf } from '@gatehouse/core/instant'
import { commit, openingOf } from '@gatehouse/credentials/zero-knowledge/commitment'
import { oneOutOfMany } from '@gatehouse/credentials/zero-knowledge/one-out-of-many'
import { compareBytes, setBytes } from '@gatehouse/credentials/zero-knowledge/statement'
import { lengthPrefixed, toBase64, toHex, u32, utf8 } from '@gatehouse/crypto/bytes'
import type { Element } from '@gatehouse/crypto/group/group'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { leafHash, nodeHash } from '@gatehouse/transparency/merkle'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeCryptography } from '../command/machine.ts'
import { checkConsentProof } from './browser.ts'

const { sha256 } = nodePrimitives
const origin = 'gatehouse/0198c1de-7b3a-7c4d-8e5f-000000000001'
const signer = nodeSigner(new Uint8Array(32).fill(7))
const key = formatNoteKey(noteKey(sha256, origin, signer.publicKey))
const consentGroup = { grantee: 'harbour-bank', scope: 'dpv:DirectMarketing employee', expiry: '2027-11' }
const at = instantOf(Date.parse('2026-11-22T09:30:00Z'))

/** Written with the libraries of the node, and read with none of them. */
async function writeProof(count: number) {
  const group = await sodiumGroup()
  const openings = Array.from({ length: count }, (_, index) => openingOf(group, randomBytes(32), `consent-${index}`, consentGroup))
  const members = openings.map((opening) => commit(group, opening)).sort(compareBytes) as Element[]
  const setLeaf = leafHash(sha256, setBytes({ group: consentGroup, members }))
  const otherSet = sha256(utf8('another set'))
  const body = utf8(
    `{"actor":{"id":"proofs","kind":"system"},"at":"${at}","details":{"sets":2,"sets_root":"${toHex(nodeHash(sha256, setLeaf, otherSet))}"},"id":"0198c1de-7b3a-7c4d-8e5f-000000000002","stream":"audit","tenant":"0198c1de-7b3a-7c4d-8e5f-000000000001","type":"proofs.published","v":1}`,
  )
  const otherEntry = sha256(utf8('another entry'))
  const root = nodeHash(sha256, otherEntry, leafHash(sha256, body))
  const statement = {
    origin,
    checkpoint: { size: 2, root },
    set: { group: consentGroup, members },
    time: at,
    requestHash: new Uint8Array(createHash('sha256').update('request').digest()),
    verifier: 'harbour-bank',
  }
  const made = oneOutOfMany(group).prove(statement, openings[3] as (typeof openings)[number], randomBytes)
  if (made.outcome !== 'made') throw new Error(made.reason)
  const document = {
    format: 'gatehouse-consent-proof',
    version: 1,
    system: 'gh-gk-ristretto-v1',
    statement: { origin, ...consentGroup, time: at as string, request_hash: toHex(statement.requestHash), verifier: 'harbour-bank' },
    set: { members: members.map(toBase64), place: 0, sets: 2, proof: [toBase64(otherSet)] },
    publication: { index: 1, body: toBase64(body), proof: [toBase64(otherEntry)] },
    checkpoint: signCheckpoint(sha256, { origin, size: 2, root }, signer),
    proof: toBase64(made.proof),
  }
  return { document, nullifier: toHex(made.nullifier) }
}

let written: Awaited<ReturnType<typeof writeProof>>
beforeAll(async () => {
  written = await writeProof(37)
})
const check = (document: unknown, trusted = key) => checkConsentProof(JSON.stringify(document), trusted, nodeCryptography)

describe('a proof over a large set', () => {
  const large = () => {
    const group = { ...consentGroup, expiry: 'any' }
    const root = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 1 : index))
    const leaf = leafHash(sha256, lengthPrefixed(['gatehouse/zk/large-set/v1', group.grantee, group.scope, group.expiry, u32(5_000), root]))
    const body = utf8(
      `{"actor":{"id":"proofs","kind":"system"},"at":"${at}","details":{"sets":1,"sets_root":"${toHex(leaf)}"},"id":"0198c1de-7b3a-7c4d-8e5f-000000000002","stream":"audit","tenant":"0198c1de-7b3a-7c4d-8e5f-000000000001","type":"proofs.published","v":1}`,
    )
    const top = leafHash(sha256, body)
    return {
      ...written.document,
      system: 'gh-kimchi-v1',
      statement: { ...written.document.statement, expiry: 'any' },
      set: { size: 5_000, root: toBase64(root), place: 0, sets: 1, proof: [] as string[] },
      publication: { index: 0, body: toBase64(body), proof: [] as string[] },
      checkpoint: signCheckpoint(sha256, { origin, size: 1, root: top }, signer),
      proof: toBase64(new Uint8Array(100).fill(1)),
    }
  }

  it('is followed down to the published set, and then this verifier cannot tell without o1js', async () => {
    const { report } = await check(large())
    expect(report.verdict).toBe('cannot_tell')
    expect(report.checks.at(-1)).toMatchObject({ place: '/proof' })
    expect(JSON.stringify(report)).toContain('o1js')
  })

  it('is bad where anything above the proof was changed, with or without o1js', async () => {
    const document = large()
    const bad = async (changed: object, place: string) => {
      const { report } = await check({ ...document, ...changed })
      expect(report.verdict).toBe('bad')
      expect(report.checks.find(({ verdict }) => verdict === 'bad')?.place).toBe(place)
    }
    await bad({ set: { ...document.set, size: 5_001 } }, '/set')
    await bad({ set: { ...document.set, root: toBase64(new Uint8Array(32)) } }, '/set')
    await bad({ statement: { ...document.statement, grantee: '*' } }, '/set')
    await bad({ statement: { ...document.statement, expiry: 'none' } }, '/statement/expiry')
    await bad({ proof: toBase64(new Uint8Array(100).fill(255)) }, '/proof')
  })
})

describe('a consent proof', () => {
  it('that a node wrote holds, and its nullifier is the one that the node has', async () => {
    const { report, finding } = await check(written.document)
    expect(report.checks.filter(({ verdict }) => verdict !== 'good')).toEqual([])
    expect(report.verdict).toBe('good')
    expect(finding).toMatchObject({ nullifier: written.nullifier, members: 37, grantee: 'harbour-bank', signed: true })
  })

  it('is refused with the place of what was changed', async () => {
    const { document } = written
    const { statement, set, publication } = document
    const turned = (text: string) => `${text[0] === 'A' ? 'B' : 'A'}${text.slice(1)}`
    const proofWith = (place: number) => {
      const bytes = Buffer.from(document.proof, 'base64')
      bytes[place] = (bytes[place] as number) ^ 1
      return { ...document, proof: bytes.toString('base64') }
    }
    const changed: [string, unknown][] = [
      ['/checkpoint', { ...document, checkpoint: document.checkpoint.replace('\n2\n', '\n3\n') }],
      ['/statement/origin', { ...document, statement: { ...statement, origin: 'gatehouse/elsewhere' } }],
      ['/publication', { ...document, publication: { ...publication, index: 0 } }],
      ['/set', { ...document, set: { ...set, members: set.members.slice(1) } }],
      ['/set', { ...document, statement: { ...statement, grantee: '*' } }],
      ['/set', { ...document, set: { ...set, proof: [turned(set.proof[0] as string)] } }],
      ['/set/sets', { ...document, set: { ...set, sets: 3 } }],
      ['/statement/time', { ...document, statement: { ...statement, time: '2026-11-22T09:40:00.001Z' } }],
      ['/proof', { ...document, statement: { ...statement, time: '2026-11-22T09:30:00.001Z' } }],
      ['/proof', { ...document, statement: { ...statement, verifier: 'other' } }],
      ['/proof', { ...document, proof: document.proof.slice(4) }],
      ...[0, 40, 70, 100, 200, 400, 700].map((place): [string, unknown] => ['/proof', proofWith(place)]),
    ]
    for (const [place, each] of changed) {
      const { report } = await check(each)
      expect(report.verdict, place).toBe('bad')
      expect(report.checks.find(({ verdict }) => verdict === 'bad')?.place).toBe(place)
    }
  })

  it('of another system, or of a key that the reader does not hold, tells nothing', async () => {
    expect((await check({ ...written.document, system: 'gh-stark-v1' })).report.verdict).toBe('cannot_tell')
    const other = formatNoteKey(noteKey(sha256, origin, nodeSigner(new Uint8Array(32).fill(8)).publicKey))
    expect((await check(written.document, other)).report.verdict).toBe('cannot_tell')
    expect((await check('nothing')).report.verdict).not.toBe('good')
  })

  it('over a set of fewer than thirty-two is refused, though the log holds the set', async () => {
    await expect(writeProof(31)).rejects.toThrow('set_too_small')
  })
})
