/** One step of a log, computed and not yet written. Pure: what is read from the database comes in, what is to be written goes out. */
import type { Id } from '@gatehouse/core/id'
import { equalHashes, type Sha256 } from '@gatehouse/transparency/merkle'
import { appendLeaves, emptyTree, type ReadTile, type Tile, treeFromTiles, treeRoot } from '@gatehouse/transparency/tile'

export interface TakenEntry {
  readonly id: Id<'entry'>
  /** RFC 6962 leaf hash of the stored body; `null` where the entry is gone. */
  readonly leafHash: Uint8Array | null
}

export interface Integration {
  /** The index of the first entry; the others follow without a gap. */
  readonly first: number
  readonly ids: readonly Id<'entry'>[]
  readonly size: number
  readonly root: Uint8Array
  readonly tiles: readonly Tile[]
}

/** The stored log contradicts itself, so nothing more may be signed on top of it. */
export class LogBrokenError extends Error {
  override readonly name = 'LogBrokenError'
}

/**
 * @param head what the last checkpoint said; `undefined` for a log that begins
 * @param readTile the unfinished tiles at the right edge of the head's tree (`edgeTiles`)
 * @throws LogBrokenError when the tiles do not give the root that was signed, or an entry is gone
 */
export function planIntegration(
  sha256: Sha256,
  head: { readonly size: number; readonly root: Uint8Array } | undefined,
  readTile: ReadTile,
  entries: readonly TakenEntry[],
): Integration {
  const tree = head === undefined ? emptyTree : treeFromTiles(sha256, head.size, readTile)
  if (head !== undefined && !equalHashes(treeRoot(sha256, tree), head.root)) {
    throw new LogBrokenError(`the tiles of the log do not give the root signed at size ${head.size}; run ledger.verify to find the place`)
  }
  const leaves = entries.map(({ id, leafHash }) => {
    if (leafHash === null) throw new LogBrokenError(`entry ${id} waited for its place and is gone`)
    return leafHash
  })
  const appended = appendLeaves(sha256, tree, leaves)
  return { first: tree.size, ids: entries.map((entry) => entry.id), size: appended.tree.size, root: appended.root, tiles: appended.changedTiles }
}
