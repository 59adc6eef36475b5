/**
 * A tree as C2SP tlog-tiles keeps it. Tile (level, index) holds up to 256 hashes side by side: the nodes at height 8 × level
 * from number 256 × index on. A full tile never changes; only the right edge grows. All other nodes follow from these.
 */
import { assertCount, foldPeaks, hashLength, nodeHash, type Sha256 } from './merkle.ts'

export const tileWidth = 256
const tileHeight = 8

export interface TileCoordinate {
  readonly level: number
  readonly index: number
  /** How many hashes the tile holds, 1 to 256. */
  readonly width: number
}

export interface Tile extends TileCoordinate {
  /** `width` hashes of 32 bytes, in order. */
  readonly hashes: Uint8Array
}

/** All that is needed to go on appending. Plain data; never changed in place. */
export interface Tree {
  readonly size: number
  /** The unfinished tile of each level, lowest first; empty bytes where the level ends with a full tile. */
  readonly edge: readonly Uint8Array[]
  /** The roots of the perfect subtrees that make up the tree, largest first: one for each 1 in the binary size. */
  readonly peaks: readonly Uint8Array[]
}

export const emptyTree: Tree = { size: 0, edge: [], peaks: [] }

export interface Appended {
  readonly tree: Tree
  readonly root: Uint8Array
  /** Every tile that is new or wider than before, once, as it is now. */
  readonly changedTiles: readonly Tile[]
}

/** Appends leaf hashes in order. Costs two hashes a leaf, however large the tree is. */
export function appendLeaves(sha256: Sha256, tree: Tree, leafHashes: readonly Uint8Array[]): Appended {
  assertCount('the size of the tree after appending', tree.size + leafHashes.length)
  const rows = tree.edge.map((hashes, level) => rowFrom(hashes, levelCount(tree.size, level)))
  const peaks = [...tree.peaks]
  const changedTiles: Tile[] = []
  let size = tree.size
  for (const leaf of leafHashes) {
    if (leaf.length !== hashLength) throw new RangeError(`leaf ${size}: a leaf hash has ${hashLength} bytes, got ${leaf.length}`)
    let node = leaf
    let height = 0
    place(rows, 0, node, changedTiles)
    // As in binary counting: each trailing 1 of the old size is a peak that now finds its right-hand twin.
    for (let ones = size; ones % 2 === 1; ones = (ones - 1) / 2) {
      node = nodeHash(sha256, peaks.pop() as Uint8Array, node)
      height++
      if (height % tileHeight === 0) place(rows, height / tileHeight, node, changedTiles)
    }
    peaks.push(node)
    size++
  }
  const edge = rows.map((row) => row.hashes.slice(0, row.width * hashLength))
  rows.forEach((row, level) => {
    if (row.changed && row.width > 0) changedTiles.push({ level, index: row.index, width: row.width, hashes: edge[level] as Uint8Array })
  })
  return { tree: { size, edge, peaks }, root: foldPeaks(sha256, peaks), changedTiles }
}

/** One level's unfinished tile while it grows. */
interface Row {
  index: number
  width: number
  hashes: Uint8Array
  changed: boolean
}

function rowFrom(hashes: Uint8Array, count: number): Row {
  const row: Row = { index: Math.floor(count / tileWidth), width: count % tileWidth, hashes: new Uint8Array(tileWidth * hashLength), changed: false }
  row.hashes.set(hashes)
  return row
}

function place(rows: Row[], level: number, hash: Uint8Array, finished: Tile[]): void {
  const row = rows[level] ?? rowFrom(new Uint8Array(0), 0)
  rows[level] = row
  row.hashes.set(hash, row.width * hashLength)
  row.width++
  row.changed = true
  if (row.width < tileWidth) return
  finished.push({ level, index: row.index, width: tileWidth, hashes: row.hashes })
  rows[level] = { index: row.index + 1, width: 0, hashes: new Uint8Array(tileWidth * hashLength), changed: false }
}

/** How many hashes a level holds in a tree of this size. */
function levelCount(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level)
}

/** The tile of that place in a tree of this size, or `undefined` where the tree does not reach it. */
export function tileAt(size: number, level: number, index: number): TileCoordinate | undefined {
  const width = Math.min(tileWidth, levelCount(size, level) - index * tileWidth)
  return width > 0 ? { level, index, width } : undefined
}

/** The unfinished tiles at the right edge: what has to be read to go on with a stored tree by `treeFromTiles`. */
export function edgeTiles(size: number): TileCoordinate[] {
  assertCount('the size of a tree', size)
  const tiles: TileCoordinate[] = []
  for (let level = 0; levelCount(size, level) > 0; level++) {
    const tile = tileAt(size, level, Math.floor(levelCount(size, level) / tileWidth))
    if (tile !== undefined) tiles.push(tile)
  }
  return tiles
}

/** Reads the hashes of one tile; a tile wider than asked for is allowed, for the log may have grown. */
export type ReadTile = (level: number, index: number) => Uint8Array

/**
 * Takes up a stored tree again. The tiles are trusted for their content; compare the root with the signed checkpoint
 * by `treeRoot` before going on.
 */
export function treeFromTiles(sha256: Sha256, size: number, readTile: ReadTile): Tree {
  const unfinished = new Map(edgeTiles(size).map((tile) => [tile.level, hashesOf(readTile, tile.level, tile.index, 0, tile.width)]))
  const edge: Uint8Array[] = []
  const peaks: Uint8Array[] = []
  for (let level = 0; levelCount(size, level) > 0; level++) edge.push(unfinished.get(level) ?? new Uint8Array(0))
  for (const hashes of [...edge].reverse()) {
    const width = hashes.length / hashLength
    let from = 0
    for (let span = tileWidth / 2; span >= 1; span /= 2) {
      if (Math.floor(width / span) % 2 === 0) continue
      peaks.push(perfectRoot(sha256, hashes.subarray(from * hashLength, (from + span) * hashLength)))
      from += span
    }
  }
  return { size, edge, peaks }
}

export function treeRoot(sha256: Sha256, tree: Tree): Uint8Array {
  return foldPeaks(sha256, tree.peaks)
}

/** `count` hashes of a tile from number `from` on. @throws RangeError when the tile read is too short */
export function hashesOf(readTile: ReadTile, level: number, index: number, from: number, count: number): Uint8Array {
  const hashes = readTile(level, index).subarray(from * hashLength, (from + count) * hashLength)
  if (hashes.length !== count * hashLength) throw new RangeError(`tile (${level}, ${index}) has fewer than the ${from + count} hashes the tree needs`)
  return hashes
}

/** The root over a power of two of neighbouring hashes. */
export function perfectRoot(sha256: Sha256, hashes: Uint8Array): Uint8Array {
  if (hashes.length === hashLength) return hashes
  const half = hashes.length / 2
  return nodeHash(sha256, perfectRoot(sha256, hashes.subarray(0, half)), perfectRoot(sha256, hashes.subarray(half)))
}

/** The path of C2SP tlog-tiles: `tile/0/x001/x234/067`, and `tile/0/000.p/15` for a tile that is not full. */
export function tilePath({ level, index, width }: TileCoordinate): string {
  return `tile/${level}/${numberedPath(index, width)}`
}

/** The path of the bundle of entries that belongs to a tile of level 0. */
export function entriesPath(index: number, width: number): string {
  return `tile/entries/${numberedPath(index, width)}`
}

function numberedPath(index: number, width: number): string {
  assertCount('the index of a tile', index)
  if (!Number.isInteger(width) || width < 1 || width > tileWidth) throw new RangeError(`a tile holds 1 to ${tileWidth} hashes, got ${width}`)
  let path = threeDigits(index)
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) path = `x${threeDigits(rest)}/${path}`
  return width === tileWidth ? path : `${path}.p/${width}`
}

function threeDigits(value: number): string {
  return String(value % 1000).padStart(3, '0')
}

export interface TilePath {
  /** `entries` for a bundle of entries. */
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

const levelMax = 63
const pathText = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

/** Reads a path; `undefined` for any other spelling than the one `tilePath` and `entriesPath` write. */
export function parseTilePath(path: string): TilePath | undefined {
  const [, levelText, digits, widthText] = pathText.exec(path) ?? []
  if (levelText === undefined || digits === undefined) return undefined
  const level = levelText === 'entries' ? levelText : Number(levelText)
  const index = Number(digits.replaceAll(/[x/]/g, ''))
  const width = widthText === undefined ? tileWidth : Number(widthText)
  if (!Number.isSafeInteger(index) || width > tileWidth || (level !== 'entries' && level > levelMax)) return undefined
  return path === `tile/${level}/${numberedPath(index, width)}` ? { level, index, width } : undefined
}
