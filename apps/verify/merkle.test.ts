/** The published cases of RFC 6962 proofs; most of them are mutations that must be refused. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { nodeCryptography } from './command/machine.ts'
import { same } from './encoding.ts'
import { beginsWith, climb } from './merkle.ts'

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
    const cases = read('subtreeinclusion')
    for (const { name, leafIdx, start, end, root, leafHash, proof, wantErr } of cases) {
      // Which stretches are subtrees at all is not asked of this verifier.
      if (name.includes('invalid') || !(start < end)) continue
      const climbed = await climb(bytes(leafHash), leafIdx - start, end - start, hashes(proof), nodeCryptography)
      if (!wantErr) expect(climbed !== undefined && same(climbed.top, bytes(root)), name).toBe(true)
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
