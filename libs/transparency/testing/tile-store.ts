/** Tiles in memory, for tests of what reads and writes them. */
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { leafHash, type Sha256 } from '../merkle.ts'
import type { ReadTile, Tile } from '../tile.ts'

/** Plain bytes instead of a `Buffer`, so that values compare by content alone. */
export const sha256: Sha256 = (data) => Uint8Array.from(nodePrimitives.sha256(data))

export class TileStore {
  readonly tiles = new Map<string, Tile>()

  keep(tiles: readonly Tile[]): void {
    for (const tile of tiles) this.tiles.set(`${tile.level} ${tile.index}`, tile)
  }

  read: ReadTile = (level, index) => {
    const tile = this.tiles.get(`${level} ${index}`)
    if (tile === undefined) throw new RangeError(`no tile (${level}, ${index})`)
    return tile.hashes
  }
}

/** Leaf hashes of `entry 0`, `entry 1` and so on. */
export function leaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => leafHash(sha256, utf8(`entry ${index}`)))
}
