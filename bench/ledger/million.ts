/** Proofs out of a tree of a million leaves: what they cost, and how long they are. */
import { nodePrimitives } from '@gatehouse/crypto/node'
import { leafHash } from '@gatehouse/transparency/merkle'
import { inclusionProof, verifyInclusion } from '@gatehouse/transparency/proof'
import { appendLeaves, emptyTree, type ReadTile, tileWidth } from '@gatehouse/transparency/tile'

const leaves = 1_000_000
const step = tileWidth * tileWidth
const proofs = 2_000
const { sha256 } = nodePrimitives

interface MillionFigures {
  readonly proveMs: number
  readonly verifyMs: number
  readonly hashes: number
}

const cpuMs = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}

export function proveFromAMillion(): MillionFigures {
  const tiles = new Map<string, Uint8Array>()
  const leaf = (index: number) => {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(index))
    return leafHash(sha256, bytes)
  }
  let tree = emptyTree
  let root: Uint8Array = new Uint8Array(32)
  for (let from = 0; from < leaves; from += step) {
    const appended = appendLeaves(
      sha256,
      tree,
      Array.from({ length: Math.min(step, leaves - from) }, (_, at) => leaf(from + at)),
    )
    tree = appended.tree
    root = appended.root
    for (const { level, index, hashes } of appended.changedTiles) tiles.set(`${level}/${index}`, hashes)
  }
  const readTile: ReadTile = (level, index) => {
    const tile = tiles.get(`${level}/${index}`)
    if (tile === undefined) throw new Error(`no tile ${level}/${index}`)
    return tile
  }
  // A stride without a common pattern with tiles.
  const indices = Array.from({ length: proofs }, (_, at) => (at * 611_953) % leaves)
  const proving = process.cpuUsage()
  const made = indices.map((index) => inclusionProof(sha256, index, leaves, readTile))
  const proveMs = cpuMs(proving) / proofs
  const claims = indices.map((index) => ({ index, size: leaves, leafHash: leaf(index), root }))
  const verifying = process.cpuUsage()
  const held = claims.every((claim, at) => verifyInclusion(sha256, claim, made[at] ?? []))
  const verifyMs = cpuMs(verifying) / proofs
  if (!held) throw new Error('a proof out of a million leaves does not hold')
  return { proveMs, verifyMs, hashes: Math.max(...made.map((proof) => proof.length)) }
}
