/**
 * Recomputes a whole log from the bodies of its entries and compares everything that is stored and signed with it, in the
 * order of the log, so that the first fault found is the first there is. It shares the tree code with the sequencer; whoever
 * trusts neither checks an export with the independent verifier.
 */
import type { Id } from '@gatehouse/core/id'
import { instantMs } from '@gatehouse/core/instant'
import { toBase64, utf8Text } from '@gatehouse/crypto/bytes'
import { nodeVerify } from '@gatehouse/crypto/node'
import type { Node } from '@gatehouse/runtime/door/node'
import { type Checkpoint, openCheckpoint } from '@gatehouse/transparency/checkpoint'
import { equalHashes, hashLength, leafHash } from '@gatehouse/transparency/merkle'
import { type NoteKey, noteKey } from '@gatehouse/transparency/note'
import {
  appendLeaves,
  edgeTiles,
  emptyTree,
  perfectRoot,
  type ReadTile,
  type Tile,
  type Tree,
  tileWidth,
  treeFromTiles,
  treeRoot,
} from '@gatehouse/transparency/tile'
import { logSpans, originOf } from './key.ts'
import { type EntryBody, type LogFault, readAheadMax } from './schema.ts'
import { type CheckpointRow, checkpointsBetween, type Remains, readHead, readRemains, tileReader, type WalkedEntry, walkEntries } from './store.ts'

export interface LogReport {
  /** The size of the log when the verification began; what came later is not looked at. */
  readonly size: number
  /** Base64; `null` where no whole tree could be computed. */
  readonly root: string | null
  readonly checkpoints: number
  readonly fault?: LogFault
}

interface Stretch {
  readonly from: number
  readonly to: number
  readonly entries: readonly WalkedEntry[]
  readonly checkpoints: readonly CheckpointRow[]
}

/** @param known a checkpoint that the caller has kept: the log must still begin with it */
export async function verifyLog(node: Node, tenant: Id<'tenant'>, known?: Checkpoint): Promise<LogReport> {
  const { sha256 } = node.keys.primitives
  const [head, signerAt] = await node.database.transaction(tenant, async (tx) => [await readHead(tx), await logSpans(tx, node, tenant)] as const)
  // Of a log that has successors, each checkpoint is held to the origin that it names; of one whose key was changed, to the key of its size.
  const keyOf = (note: string, at: number) => noteKey(sha256, originOf(tenant, note), signerAt(at).publicKey)
  const size = head?.size ?? 0
  const edge = edgeTiles(size)
  let tree: Tree = emptyTree
  let checkpoints = 0
  /** The last size whose signed root was met: a rewriting begins behind it. */
  let signedUpTo = 0
  const report = (fault?: LogFault): LogReport => ({
    size,
    root: tree.size === size ? toBase64(treeRoot(sha256, tree)) : null,
    checkpoints,
    ...(fault === undefined ? {} : { fault }),
  })
  if (known !== undefined && known.size > size) return report({ kind: 'log_rolled_back', size: known.size })
  for (let from = 0; from < size; from += readAheadMax) {
    const fault = await checkStretch(from, Math.min(size, from + readAheadMax))
    if (fault !== undefined) return report(fault)
  }
  return report(checkHead() ?? remainingFault(await node.database.transaction(tenant, readRemains), size))

  async function checkStretch(from: number, to: number): Promise<LogFault | undefined> {
    const stretch = await node.database.transaction(tenant, async (tx): Promise<Stretch> => {
      const [entries, stored] = await Promise.all([walkEntries(tx, from, to), checkpointsBetween(tx, from, to)])
      return { from, to, entries, checkpoints: stored }
    })
    const missing = missingEntry(stretch)
    if (missing !== undefined) return missing
    const leaves = stretch.entries.map((entry) => leafHash(sha256, entry.body ?? new Uint8Array(0)))
    const grown = appendLeaves(sha256, tree, leaves)
    const above = grown.changedTiles.map(({ index }) => ({ level: 1, index: Math.floor(index / tileWidth) }))
    const readTile = await node.database.transaction(tenant, (tx) => tileReader(tx, distinct([...grown.changedTiles, ...above, ...edge])))
    const differing = differingTile(grown.changedTiles, readTile)
    if (differing !== undefined) return blame(differing, readTile)
    const row = stretch.entries.find((entry) => !columnsAgree(entry, tenant))
    if (row !== undefined) return { kind: 'entry_columns_differ', index: row.index, entry: row.id }
    const fault = checkCheckpoints(stretch, leaves)
    tree = grown.tree
    return fault
  }

  /** Grows the tree from checkpoint to checkpoint and compares its root at each. */
  function checkCheckpoints(stretch: Stretch, leaves: readonly Uint8Array[]): LogFault | undefined {
    let small = tree
    for (const { size: at, root, note } of withKnown(stretch)) {
      small = appendLeaves(sha256, small, leaves.slice(small.size - stretch.from, at - stretch.from)).tree
      if (!equalHashes(treeRoot(sha256, small), root)) return { kind: 'checkpoint_root_differs', size: at, after_size: signedUpTo }
      if (note !== undefined) {
        if (!signs(note, keyOf(note, at), { size: at, root })) return { kind: 'checkpoint_not_signed', size: at }
        checkpoints++
      }
      signedUpTo = at
    }
    return undefined
  }

  function checkHead(): LogFault | undefined {
    if (head === undefined) return undefined
    if (!equalHashes(treeRoot(sha256, tree), head.root)) return { kind: 'head_root_differs', size, after_size: signedUpTo }
    return signs(head.note, keyOf(head.note, head.size), head) ? undefined : { kind: 'head_not_signed', size }
  }

  /** The stored checkpoints of a stretch, with the caller's own among them. */
  function withKnown({ from, to, checkpoints: stored }: Stretch): { size: number; root: Uint8Array; note?: string }[] {
    const own = known !== undefined && known.size > from && known.size <= to ? [known] : []
    return [...stored, ...own].sort((left, right) => left.size - right.size)
  }

  /** The body and the tile disagree about a hash: whichever the signed hashes above do not bear out was changed. */
  function blame({ level, index: tile, at }: DifferingTile, read: ReadTile): LogFault {
    const place = { level, tile, at }
    const stored = read(level, tile)
    if (level > 0 || stored.length < (at + 1) * hashLength) return { kind: 'tile_altered', ...place }
    if (!tileIsBorneOut(tile, stored, read)) return { kind: 'tile_altered', ...place }
    return { kind: 'entry_altered', index: tile * tileWidth + at }
  }

  function tileIsBorneOut(tile: number, stored: Uint8Array, read: ReadTile): boolean {
    if ((tile + 1) * tileWidth <= size) {
      const at = (tile % tileWidth) * hashLength
      const parent = read(1, Math.floor(tile / tileWidth)).subarray(at, at + hashLength)
      return stored.length === tileWidth * hashLength && equalHashes(perfectRoot(sha256, stored), parent)
    }
    const width = (size % tileWidth) * hashLength
    if (head === undefined || stored.length < width) return false
    return equalHashes(treeRoot(sha256, treeFromTiles(sha256, size, read)), head.root)
  }
}

/** What no walk from index 0 to the head comes across. */
function remainingFault({ beyond, checkpoints, fencing, lost, stray }: Remains, size: number): LogFault | undefined {
  if (beyond !== null) return { kind: 'position_beyond_head', index: beyond }
  if (checkpoints !== fencing) return { kind: 'checkpoint_missing', size }
  if (lost !== null) return { kind: 'entry_missing', entry: lost }
  return stray === null ? undefined : { kind: 'entry_without_place', entry: stray }
}

/** Places are given without a gap, and each has its entry. */
function missingEntry({ from, to, entries }: Stretch): LogFault | undefined {
  for (let index = from; index < to; index++) {
    const entry = entries[index - from]
    if (entry === undefined || entry.index !== index || entry.body === null) return { kind: 'entry_missing', index }
  }
  return undefined
}

interface DifferingTile {
  readonly level: number
  readonly index: number
  /** The number of the first differing hash in its tile. */
  readonly at: number
}

/** The first hash, lowest level and leftmost tile first, that is stored otherwise than computed. The log may have grown since. */
function differingTile(computed: readonly Tile[], read: ReadTile): DifferingTile | undefined {
  for (const { level, index, hashes } of [...computed].sort((left, right) => left.level - right.level || left.index - right.index)) {
    const stored = read(level, index)
    for (let offset = 0; offset < hashes.length; offset += hashLength) {
      if (equalHashes(stored.subarray(offset, offset + hashLength), hashes.subarray(offset, offset + hashLength))) continue
      return { level, index, at: offset / hashLength }
    }
  }
  return undefined
}

/** The columns are there for filters: one that says something else than the body would hide the entry from who looks for it. */
function columnsAgree(row: WalkedEntry, tenant: Id<'tenant'>): boolean {
  const text = row.body === null ? undefined : utf8Text(row.body)
  if (text === undefined) return false
  const body = JSON.parse(text) as EntryBody
  const pairs: readonly (readonly [string | null, string | undefined])[] = [
    [row.id, body.id],
    [tenant, body.tenant],
    [row.type, body.type],
    [row.actor_kind, body.actor.kind],
    [row.actor_id, body.actor.id],
    [row.decision, body.decision],
    [row.partner_id, body.partner],
    [row.purpose, body.purpose],
    [row.object_kind, body.object?.kind],
    [row.object_id, body.object?.id],
  ]
  return pairs.every(([column, said]) => column === (said ?? null)) && Date.parse(row.at) === instantMs(body.at)
}

function signs(note: string, key: NoteKey, { size, root }: { readonly size: number; readonly root: Uint8Array }): boolean {
  const opened = openCheckpoint(nodeVerify, note, key)
  return opened.outcome === 'opened' && opened.checkpoint.size === size && equalHashes(opened.checkpoint.root, root)
}

function distinct(tiles: readonly { level: number; index: number }[]): { level: number; index: number }[] {
  return [...new Map(tiles.map(({ level, index }) => [`${level} ${index}`, { level, index }])).values()]
}
