/** Proofs of every entry and every growth of small logs, mutated in every way, and the published cases of RFC 6962. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { nodeCryptography } from './command/machine.ts'
import { same } from './encoding.ts'
import { beginsWith, climb, leafHash, type Tree } from './merkle.ts'
import { writeLog } from './testing/write-log.ts'

const vectors = fileURLToPath(new URL('../../../shared/data/crypto-vectors/rfc6962/', import.meta.url))
const absent = existsSync(vectors) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors/rfc6962 is absent)'

interface Case {
  readonly name: string
  readonly root: string
  readonly root1: string
  readonly root2: string
  readonly size1: number
  readonly size2: number
  readonly leafIdx: number
  readonly treeSize: number
  readonly start: number
  readonly end: number
  readonly leafHash: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}

const read = (kind: string) => JSON.parse(readFileSync(`${vectors}${kind}.json`, 'utf8')) as Case[]
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
const hashes = (proof: readonly string[] | null) => (proof ?? []).map(bytes)

/** What somebody may do to a list of hashes: leave one out, double one, swap two, turn one bit, add at either end, cut. */
function mutations(proof: readonly Uint8Array[]): Uint8Array[][] {
  const stranger = new Uint8Array(32).fill(7)
  const found = [
    [...proof, stranger],
    [stranger, ...proof],
  ]
  for (const [at, hash] of proof.entries()) {
    found.push(proof.toSpliced(at, 1), proof.toSpliced(at, 0, hash), proof.slice(0, at))
    found.push(proof.with(at, hash.with(at, (hash[at] as number) ^ 1)), proof.with(at, hash.subarray(0, 31)), proof.with(at, new Uint8Array(0)))
    for (const [other, its] of proof.entries()) if (other > at) found.push(proof.with(at, its).with(other, hash))
  }
  return found
}
const sizeMax = 20
const logs = Array.from({ length: sizeMax + 1 }, (_, size) => writeLog(size))
const rootAt = (size: number) => bytes(logs[size]?.checkpoint.split('\n')[2] ?? '')
const leafAt = async (index: number) => leafHash(bytes(logs[sizeMax]?.inclusion(index).body ?? ''), nodeCryptography)

describe('of every log up to twenty entries', () => {
  it('each entry is proven at its place in its log, and no mutated proof, other place, other size or other entry is', async () => {
    for (let size = 1; size <= sizeMax; size++) {
      for (let index = 0; index < size; index++) {
        const leaf = await leafAt(index)
        const proof = hashes(logs[size]?.inclusion(index).proof ?? [])
        const holds = async (hash: Uint8Array, at: number, of: number, by: readonly Uint8Array[]) =>
          same((await climb(hash, at, of, by, nodeCryptography))?.top ?? new Uint8Array(0), rootAt(size))
        expect(await holds(leaf, index, size, proof)).toBe(true)
        for (const mutated of mutations(proof)) expect(await holds(leaf, index, size, mutated)).toBe(false)
        for (let at = -1; at <= size; at++) if (at !== index) expect(await holds(leaf, at, size, proof), `${index} of ${size} at ${at}`).toBe(false)
        expect(await holds(await leafAt((index + 1) % sizeMax), index, size, proof)).toBe(false)
      }
    }
  })

  it('each growth is proven, and no mutated proof, other size or other root is', async () => {
    for (let size = 1; size <= sizeMax; size++) {
      for (let from = 1; from <= size; from++) {
        const proof = from === size ? [] : hashes(logs[size]?.consistency(from) ?? [])
        const [earlier, later] = [from, size].map((number) => ({ size: number, root: rootAt(number) })) as [Tree, Tree]
        const grew = (before: Tree, after: Tree, by: readonly Uint8Array[]) => beginsWith(after, before, by, nodeCryptography)
        expect(await grew(earlier, later, proof)).toBe(true)
        for (const mutated of mutations(proof)) expect(await grew(earlier, later, mutated), `${from} to ${size}`).toBe(false)
        expect(await grew({ ...earlier, root: rootAt(0) }, later, proof)).toBe(false)
        expect(await grew(earlier, { ...later, root: rootAt(0) }, proof)).toBe(false)
        if (from < size) {
          expect(await grew(later, earlier, proof)).toBe(false)
          expect(await grew({ size: from, root: later.root }, { size, root: earlier.root }, proof)).toBe(false)
        }
        expect(await grew({ ...earlier, size: from - 1 }, later, proof), `${from - 1} to ${size} with the root of ${from}`).toBe(false)
      }
    }
  })
})

describe.skipIf(absent)(`published proofs${absent}`, () => {
  it('of inclusion', async () => {
    const cases = read('inclusion')
    expect(cases.length).toBeGreaterThan(50)
    expect(cases.filter(({ wantErr }) => wantErr).length).toBeGreaterThan(40)
    for (const { name, leafIdx, treeSize, root, leafHash, proof, wantErr } of cases) {
      const climbed = await climb(bytes(leafHash), leafIdx, treeSize, hashes(proof), nodeCryptography)
      expect(climbed !== undefined && same(climbed.top, bytes(root)), name).toBe(!wantErr)
    }
  })

  it('of inclusion in a subtree', async () => {
    // Which stretches are subtrees at all is not asked of this verifier.
    const cases = read('subtreeinclusion').filter(({ name }) => !name.includes('invalid-subtree'))
    expect(cases.filter(({ wantErr }) => wantErr).length).toBeGreaterThan(90)
    for (const { name, leafIdx, start, end, root, leafHash, proof, wantErr } of cases) {
      const climbed = await climb(bytes(leafHash), leafIdx - start, end - start, hashes(proof), nodeCryptography)
      expect(climbed !== undefined && same(climbed.top, bytes(root)), name).toBe(!wantErr)
    }
  })

  it('of growth, with one exception: stand-in roots that are no hashes', async () => {
    const exception = 'additional/sizes-are-equal-one-and-proof-is-empty'
    const cases = read('consistency')
    expect(cases.length).toBeGreaterThan(40)
    const differing: string[] = []
    for (const { name, size1, size2, root1, root2, proof, wantErr } of cases) {
      const grew = await beginsWith({ size: size2, root: bytes(root2) }, { size: size1, root: bytes(root1) }, hashes(proof), nodeCryptography)
      if (grew === wantErr) differing.push(name)
    }
    expect(differing.filter((name) => !name.endsWith(exception))).toEqual([])
    expect(differing).toHaveLength(cases.some(({ name }) => name.endsWith(exception)) ? 1 : 0)
  })
})
