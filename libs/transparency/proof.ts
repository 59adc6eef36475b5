/**
 * Inclusion and consistency proofs of RFC 6962 section 2.1. A proof is first planned as ranges of leaves and then hashed from
 * tiles, so that a caller who reads tiles from afar can ask for the list and fetch them beforehand.
 */
import { assertCount, equalHashes, foldPeaks, hashLength, nodeHash, powerBelow, type Sha256 } from './merkle.ts'
import { hashesOf, perfectRoot, type ReadTile, type TileCoordinate, tileAt, tileWidth } from './tile.ts'

/** The leaves from `start` up to and without `end`; one hash of a proof is the root over them. */
interface Range {
  readonly start: number
  readonly end: number
}

/** @throws RangeError unless 0 <= index < size */
export function inclusionProof(sha256: Sha256, index: number, size: number, readTile: ReadTile): Uint8Array[] {
  return planInclusion(index, size).map((range) => rangeRoot(sha256, range, readTile))
}

/** The tiles that `inclusionProof` will read. */
export function inclusionTiles(index: number, size: number): TileCoordinate[] {
  return tilesOf(planInclusion(index, size), size)
}

/** @throws RangeError unless 1 <= oldSize <= newSize: nothing is consistent with the empty tree in any telling way */
export function consistencyProof(sha256: Sha256, oldSize: number, newSize: number, readTile: ReadTile): Uint8Array[] {
  return planConsistency(oldSize, newSize).map((range) => rangeRoot(sha256, range, readTile))
}

/** The tiles that `consistencyProof` will read. */
export function consistencyTiles(oldSize: number, newSize: number): TileCoordinate[] {
  return tilesOf(planConsistency(oldSize, newSize), newSize)
}

/** PATH(m, D[n]) of RFC 6962 section 2.1.1, walked from the root down. */
function planInclusion(index: number, size: number): Range[] {
  assertCount('a leaf index', index)
  assertCount('the size of a tree', size)
  if (index >= size) throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`)
  const ranges: Range[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const split = start + powerBelow(end - start)
    if (index < split) {
      ranges.push({ start: split, end })
      end = split
    } else {
      ranges.push({ start, end: split })
      start = split
    }
  }
  return ranges.reverse()
}

/** PROOF(m, D[n]) of RFC 6962 section 2.1.2, walked from the root down. */
function planConsistency(oldSize: number, newSize: number): Range[] {
  assertCount('the old size', oldSize)
  assertCount('the new size', newSize)
  if (oldSize < 1 || oldSize > newSize)
    throw new RangeError(`a consistency proof leads from a size of at least 1 to one not smaller, not from ${oldSize} to ${newSize}`)
  const ranges: Range[] = []
  let start = 0
  let end = newSize
  while (end !== oldSize) {
    const split = start + powerBelow(end - start)
    if (oldSize <= split) {
      ranges.push({ start: split, end })
      end = split
    } else {
      ranges.push({ start, end: split })
      start = split
    }
  }
  // The verifier knows the old root; it needs this range only where that is not the whole old tree.
  if (start > 0) ranges.push({ start, end })
  return ranges.reverse()
}

/** The place of a perfect subtree: `span` hashes (a power of two) of one tile from number `from` on. */
interface Place {
  readonly level: number
  readonly index: number
  readonly from: number
  readonly span: number
}

/** The perfect subtrees that make up a range, largest first. A range of a proof always starts at a multiple of its largest. */
function placesOf({ start, end }: Range): Place[] {
  const places: Place[] = []
  for (let at = start; at < end; ) {
    let leaves = 1
    while (leaves * 2 <= end - at) leaves *= 2
    places.push(placeOf(at, leaves))
    at += leaves
  }
  return places
}

function placeOf(start: number, leaves: number): Place {
  let level = 0
  let unit = 1
  while (unit * tileWidth <= leaves) {
    unit *= tileWidth
    level++
  }
  const node = start / unit
  return { level, index: Math.floor(node / tileWidth), from: node % tileWidth, span: leaves / unit }
}

function rangeRoot(sha256: Sha256, range: Range, readTile: ReadTile): Uint8Array {
  return foldPeaks(
    sha256,
    placesOf(range).map(({ level, index, from, span }) => perfectRoot(sha256, hashesOf(readTile, level, index, from, span))),
  )
}

function tilesOf(ranges: readonly Range[], size: number): TileCoordinate[] {
  const tiles = new Map<string, TileCoordinate>()
  for (const { level, index } of ranges.flatMap(placesOf)) {
    const tile = tileAt(size, level, index)
    if (tile !== undefined) tiles.set(`${level} ${index}`, tile)
  }
  return [...tiles.values()]
}

export interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly root: Uint8Array
}

/** Whether the proof shows that the leaf stands at that index of the tree (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(sha256: Sha256, { index, size, leafHash, root }: InclusionClaim, proof: readonly Uint8Array[]): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leafHash, root, ...proof])) return false
  let node = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sha256, sibling, hash)
      while (node % 2 === 0 && node !== 0) {
        node = half(node)
        last = half(last)
      }
    } else {
      hash = nodeHash(sha256, hash, sibling)
    }
    node = half(node)
    last = half(last)
  }
  return last === 0 && equalHashes(hash, root)
}

export interface ConsistencyClaim {
  readonly oldSize: number
  readonly newSize: number
  readonly oldRoot: Uint8Array
  readonly newRoot: Uint8Array
}

/** Whether the proof shows that the new tree begins with the whole old one (RFC 9162 section 2.1.4.2). An old size of 0 is refused. */
export function verifyConsistency(sha256: Sha256, { oldSize, newSize, oldRoot, newRoot }: ConsistencyClaim, proof: readonly Uint8Array[]): boolean {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize < 1 || oldSize > newSize || !areHashes([oldRoot, newRoot, ...proof])) return false
  if (oldSize === newSize) return proof.length === 0 && equalHashes(oldRoot, newRoot)
  let node = oldSize - 1
  let last = newSize - 1
  while (node % 2 === 1) {
    node = half(node)
    last = half(last)
  }
  // A node of 0 here means the old tree is perfect: its root is itself the first hash of the path.
  const [first, ...rest] = node === 0 ? [oldRoot, ...proof] : proof
  if (first === undefined) return false
  let oldHash = first
  let newHash = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sha256, sibling, oldHash)
      newHash = nodeHash(sha256, sibling, newHash)
      while (node % 2 === 0 && node !== 0) {
        node = half(node)
        last = half(last)
      }
    } else {
      newHash = nodeHash(sha256, newHash, sibling)
    }
    node = half(node)
    last = half(last)
  }
  return last === 0 && equalHashes(oldHash, oldRoot) && equalHashes(newHash, newRoot)
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === hashLength)
}

function half(value: number): number {
  return Math.floor(value / 2)
}
