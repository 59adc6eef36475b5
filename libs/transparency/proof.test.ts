import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fromBase64, toHex } from '@gatehouse/crypto/bytes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rootOf } from './merkle.ts'
import { consistencyProof, consistencyTiles, inclusionProof, inclusionTiles, verifyConsistency, verifyInclusion } from './proof.ts'
import { leaves, sha256, TileStore } from './testing/tile-store.ts'
import { appendLeaves, emptyTree } from './tile.ts'

const all = leaves(2000)
const store = new TileStore()
store.keep(appendLeaves(sha256, emptyTree, all).changedTiles)
const rootAt = (size: number) => rootOf(sha256, all.slice(0, size))
const flip = (hash: Uint8Array, bit: number) => hash.with(Math.floor(bit / 8), hash[Math.floor(bit / 8)]! ^ (1 << (bit % 8)))
const size = fc.integer({ min: 1, max: 2000 })
const bit = fc.nat(255)

describe('plans refuse', () => {
  it('leaves outside the tree and sizes that go backwards', () => {
    expect(() => inclusionProof(sha256, 5, 5, store.read)).toThrow('a tree of 5 leaves has no leaf 5')
    expect(() => inclusionProof(sha256, -1, 5, store.read)).toThrow(RangeError)
    expect(() => consistencyProof(sha256, 6, 5, store.read)).toThrow('not from 6 to 5')
    expect(() => consistencyProof(sha256, 0, 5, store.read)).toThrow(RangeError)
  })
})

describe('an inclusion proof', () => {
  it('stands for every leaf of trees of random sizes, and any flipped bit or moved number voids it', () => {
    fc.assert(
      fc.property(size, fc.nat(), bit, fc.nat(), (size, seed, bit, pick) => {
        const index = seed % size
        const claim = { index, size, leafHash: all[index]!, root: rootAt(size) }
        const proof = inclusionProof(sha256, index, size, store.read)
        expect(verifyInclusion(sha256, claim, proof)).toBe(true)
        expect(verifyInclusion(sha256, { ...claim, leafHash: flip(claim.leafHash, bit) }, proof)).toBe(false)
        expect(verifyInclusion(sha256, { ...claim, root: flip(claim.root, bit) }, proof)).toBe(false)
        expect(verifyInclusion(sha256, claim, [...proof, claim.root])).toBe(false)
        if (size > 1) expect(verifyInclusion(sha256, { ...claim, index: (index + 1) % size }, proof)).toBe(false)
        if (proof.length > 0) {
          const at = pick % proof.length
          expect(verifyInclusion(sha256, claim, proof.with(at, flip(proof[at]!, bit)))).toBe(false)
          expect(verifyInclusion(sha256, claim, proof.toSpliced(at, 1))).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('stands for each leaf of all small trees', () => {
    for (let size = 1; size <= 33; size++) {
      for (let index = 0; index < size; index++) {
        expect(verifyInclusion(sha256, { index, size, leafHash: all[index]!, root: rootAt(size) }, inclusionProof(sha256, index, size, store.read))).toBe(true)
      }
    }
  })

  it('reads exactly the tiles it lists', () => {
    fc.assert(
      fc.property(size, fc.nat(), (size, seed) => {
        const read = new Set<string>()
        inclusionProof(sha256, seed % size, size, (level, index) => {
          read.add(`${level} ${index}`)
          return store.read(level, index)
        })
        expect(new Set(inclusionTiles(seed % size, size).map((tile) => `${tile.level} ${tile.index}`))).toEqual(read)
      }),
    )
  })

  it('is planned beyond 32 bits', () => {
    const tile = new Uint8Array(256 * 32).fill(7)
    const size = 2 ** 40 + 3
    const proof = inclusionProof(sha256, 2 ** 40 + 1, size, () => tile)
    expect(proof.map(toHex).slice(0, 2)).toEqual(['07'.repeat(32), '07'.repeat(32)])
    expect(inclusionTiles(2 ** 40 + 1, size)).toEqual([
      { level: 0, index: 2 ** 32, width: 3 },
      { level: 5, index: 0, width: 1 },
    ])
  })
})

describe('a consistency proof', () => {
  it('stands between random sizes, and any flipped bit or moved number voids it', () => {
    fc.assert(
      fc.property(size, size, bit, fc.nat(), (left, right, bit, pick) => {
        const [oldSize, newSize] = [Math.min(left, right), Math.max(left, right)]
        const claim = { oldSize, newSize, oldRoot: rootAt(oldSize), newRoot: rootAt(newSize) }
        const proof = consistencyProof(sha256, oldSize, newSize, store.read)
        expect(verifyConsistency(sha256, claim, proof)).toBe(true)
        expect(verifyConsistency(sha256, { ...claim, oldRoot: flip(claim.oldRoot, bit) }, proof)).toBe(false)
        expect(verifyConsistency(sha256, { ...claim, newRoot: flip(claim.newRoot, bit) }, proof)).toBe(false)
        expect(verifyConsistency(sha256, { ...claim, oldSize: 0 }, proof)).toBe(false)
        if (proof.length > 0) {
          const at = pick % proof.length
          expect(verifyConsistency(sha256, claim, proof.with(at, flip(proof[at]!, bit)))).toBe(false)
          expect(verifyConsistency(sha256, claim, proof.toSpliced(at, 1))).toBe(false)
        }
        const tiles = new Map(consistencyTiles(oldSize, newSize).map((tile) => [`${tile.level} ${tile.index}`, store.read(tile.level, tile.index)]))
        expect(consistencyProof(sha256, oldSize, newSize, (level, index) => tiles.get(`${level} ${index}`)!)).toEqual(proof)
      }),
      { numRuns: 300 },
    )
  })
})

const vectors = fileURLToPath(new URL('../../../shared/data/crypto-vectors/rfc6962/', import.meta.url))
const absent = existsSync(vectors) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors/rfc6962 is absent)'
describe.skipIf(absent)(`published cases${absent}`, () => {
  const bytes = (text: string | null) => fromBase64(text ?? '')!
  const cases = (file: string) => JSON.parse(readFileSync(vectors + file, 'utf8'))

  it('of inclusion', () => {
    for (const test of cases('inclusion.json')) {
      const claim = { index: test.leafIdx, size: test.treeSize, leafHash: bytes(test.leafHash), root: bytes(test.root) }
      expect(verifyInclusion(sha256, claim, (test.proof ?? []).map(bytes)), test.name).toBe(!test.wantErr)
    }
  })

  it('of consistency; the one case with 12-byte stand-ins for roots is refused here on purpose', () => {
    let standIns = 0
    for (const test of cases('consistency.json')) {
      const claim = { oldSize: test.size1, newSize: test.size2, oldRoot: bytes(test.root1), newRoot: bytes(test.root2) }
      const isStandIn = test.name === 'consistency/additional/sizes-are-equal-one-and-proof-is-empty'
      if (isStandIn) standIns++
      expect(verifyConsistency(sha256, claim, (test.proof ?? []).map(bytes)), test.name).toBe(!test.wantErr && !isStandIn)
    }
    expect(standIns).toBeLessThanOrEqual(1)
  })
})
