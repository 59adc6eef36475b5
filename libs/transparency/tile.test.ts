import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodeVerify } from '@gatehouse/crypto/node'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint } from './checkpoint.ts'
import { leafHash, rootOf } from './merkle.ts'
import { parseNoteKey } from './note.ts'
import { leaves, sha256, TileStore } from './testing/tile-store.ts'
import { appendLeaves, edgeTiles, emptyTree, entriesPath, parseTilePath, type Tree, tileAt, tilePath, treeFromTiles, treeRoot } from './tile.ts'

describe('paths refuse', () => {
  it.each([
    'tile/0/1',
    'tile/0/x000/067',
    'tile/00/067',
    'tile/64/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/x001/234/067',
    'tile/0/x001/x234',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/0/x999/x999/x999/x999/x999/999',
  ])('%j', (path) => {
    expect(parseTilePath(path)).toBeUndefined()
  })
  it('indices and widths that no tile has', () => {
    expect(() => tilePath({ level: 0, index: -1, width: 1 })).toThrow(RangeError)
    expect(() => tilePath({ level: 0, index: 0, width: 257 })).toThrow('1 to 256')
  })
})

describe('paths', () => {
  it('are those of C2SP tlog-tiles', () => {
    expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067')
    expect(tilePath({ level: 2, index: 0, width: 15 })).toBe('tile/2/000.p/15')
    expect(entriesPath(1000, 256)).toBe('tile/entries/x001/000')
    expect(parseTilePath('tile/entries/x001/000.p/7')).toEqual({ level: 'entries', index: 1000, width: 7 })
  })
  it('come back, also beyond 32 bits', () => {
    fc.assert(
      fc.property(fc.nat(6), fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ level, index, width })
      }),
    )
  })
})

describe('appendLeaves', () => {
  it('refuses a hash of a wrong length and names the leaf', () => {
    expect(() => appendLeaves(sha256, emptyTree, [leaves(1)[0]!, new Uint8Array(31)])).toThrow('leaf 1: a leaf hash has 32 bytes, got 31')
  })

  it('leaves the tree it was given as it was', () => {
    const before = appendLeaves(sha256, emptyTree, leaves(300)).tree
    const copy = structuredClone(before)
    appendLeaves(sha256, before, leaves(300))
    expect(before).toEqual(copy)
  })

  it('gives the root of RFC 6962 and whole tiles, however the leaves are cut into batches', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 6 }), (batches) => {
        const store = new TileStore()
        let tree: Tree = emptyTree
        const all = leaves(batches.reduce((sum, batch) => sum + batch, 0))
        for (const batch of batches) {
          const appended = appendLeaves(sha256, tree, all.slice(tree.size, tree.size + batch))
          store.keep(appended.changedTiles)
          tree = appended.tree
          expect(appended.root).toEqual(rootOf(sha256, all.slice(0, tree.size)))
          expect(new Set(appended.changedTiles.map((tile) => `${tile.level} ${tile.index}`)).size).toBe(appended.changedTiles.length)
        }
        for (let index = 0; index < all.length; index++)
          expect(
            Buffer.from(store.read(0, Math.floor(index / 256)))
              .subarray((index % 256) * 32)
              .subarray(0, 32),
          ).toEqual(Buffer.from(all[index]!))
        for (let index = 0; index < Math.floor(all.length / 256); index++)
          expect(Buffer.from(store.read(1, 0).subarray(index * 32, index * 32 + 32))).toEqual(
            Buffer.from(rootOf(sha256, all.slice(index * 256, index * 256 + 256))),
          )
        for (const tile of store.tiles.values())
          expect(tileAt(tree.size, tile.level, tile.index)).toEqual({ level: tile.level, index: tile.index, width: tile.width })
      }),
      { numRuns: 25 },
    )
  })

  it('goes on from stored tiles as if it had never stopped, across three levels', () => {
    const all = leaves(65_536 + 300)
    const store = new TileStore()
    const whole = appendLeaves(sha256, emptyTree, all)
    store.keep(whole.changedTiles)
    expect([...store.tiles.values()].filter((tile) => tile.level === 2).map((tile) => tile.width)).toEqual([1])
    for (const size of [0, 1, 255, 256, 257, 65_535, 65_536, 65_536 + 300]) {
      const again = treeFromTiles(sha256, size, store.read)
      const begun = appendLeaves(sha256, emptyTree, all.slice(0, size)).tree
      expect(again).toEqual(begun)
      expect(treeRoot(sha256, again)).toEqual(treeRoot(sha256, begun))
      expect(appendLeaves(sha256, again, all.slice(size)).root).toEqual(whole.root)
    }
    expect(edgeTiles(65_536 + 300)).toEqual([
      { level: 0, index: 257, width: 44 },
      { level: 1, index: 1, width: 1 },
      { level: 2, index: 0, width: 1 },
    ])
  })

  it('refuses a stored tile that is too short', () => {
    expect(() => treeFromTiles(sha256, 5, () => new Uint8Array(4 * 32))).toThrow('tile (0, 0) has fewer than the 5 hashes')
  })

  it('counts beyond 32 bits', () => {
    const size = 2 ** 40 + 3
    expect(edgeTiles(size)).toEqual([
      { level: 0, index: 2 ** 32, width: 3 },
      { level: 5, index: 0, width: 1 },
    ])
    const tree = treeFromTiles(sha256, size, () => new Uint8Array(256 * 32).fill(1))
    expect(tree.peaks).toHaveLength(3)
    expect(appendLeaves(sha256, tree, leaves(1)).changedTiles[0]).toMatchObject({ level: 0, index: 2 ** 32, width: 4 })
  })
})

const log = fileURLToPath(new URL('../../../shared/data/crypto-vectors/tlog-tiles/', import.meta.url))
const absent = existsSync(log) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors/tlog-tiles is absent)'
describe.skipIf(absent)(`a published log${absent}`, () => {
  it('is rebuilt byte for byte from its entries, checkpoint by checkpoint', () => {
    const key = parseNoteKey(sha256, readFileSync(`${log}vkey.txt`, 'utf8').trim())!
    const bundle = readFileSync(`${log}log/${entriesPath(0, 15)}`)
    const entries: Uint8Array[] = []
    for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at)) entries.push(bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at)))
    expect(entries).toHaveLength(15)
    let tree: Tree = emptyTree
    for (const size of [1, 3, 5, 7, 9, 11, 13, 15]) {
      const opened = openCheckpoint(nodeVerify, readFileSync(`${log}log/checkpoint.${size}`, 'utf8'), key)
      const appended = appendLeaves(
        sha256,
        tree,
        entries.slice(tree.size, size).map((entry) => leafHash(sha256, entry)),
      )
      tree = appended.tree
      expect(opened.outcome === 'opened' && opened.checkpoint.size).toBe(size)
      expect(opened.outcome === 'opened' && Buffer.from(opened.checkpoint.root)).toEqual(Buffer.from(appended.root))
      expect(appended.changedTiles).toHaveLength(1)
      expect(Buffer.from(appended.changedTiles[0]!.hashes)).toEqual(readFileSync(`${log}log/${tilePath(appended.changedTiles[0]!)}`))
    }
  })
})

it('the leaves of these tests differ', () => {
  expect(leaves(2)[0]).not.toEqual(leaves(2)[1])
  expect(leaves(1)[0]).toEqual(leafHash(sha256, utf8('entry 0')))
})
