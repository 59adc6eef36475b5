/**
 * A log of any length as the files of C2SP tlog-tiles, made as fast as the disk takes them: for measuring what reads such files.
 * Run by itself: `node --conditions=source --import tsx bench/ledger/write-log.ts DIR ENTRIES`; prints the verifier key.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { formatEntryBundle } from '@gatehouse/transparency/entry-bundle'
import { emptyRoot, leafHash } from '@gatehouse/transparency/merkle'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { appendLeaves, emptyTree, entriesPath, type Tile, tilePath, tileWidth } from '@gatehouse/transparency/tile'

const { sha256 } = nodePrimitives
/** Leaves that are hashed before tiles are written: a full tile of level 1. */
const stepLeaves = tileWidth * tileWidth

export interface WrittenLog {
  readonly size: number
  readonly checkpoint: string
  readonly vkey: string
}

/** An entry of about 350 bytes, always the same for its index. */
export function madeEntry(index: number): Uint8Array {
  const digest = Buffer.from(sha256(utf8(`subject ${index}`))).toString('hex')
  return utf8(
    `{"actor":{"id":"0198c1de-7b3a-7c4d-8e5f-000000000001","kind":"partner"},"at":"2026-11-22T09:30:00.000Z","decision":"permit","details":{"fields":7,"version":3},"id":"${digest.slice(0, 32)}","index":${index},"purpose":"credit_assessment","stream":"audit","subject_c":"${digest}","type":"release.authorize","v":1}`,
  )
}

/** Tiles, bundles and, last, the checkpoint. The signing key is the same each time and protects nothing. */
export async function writeLog(dir: string, size: number, origin = 'gatehouse/bench'): Promise<WrittenLog> {
  const signer = nodeSigner(new Uint8Array(32).fill(7))
  const folders = new Set<string>()
  const write = async (path: string, bytes: Uint8Array | string) => {
    const file = join(dir, path)
    if (!folders.has(dirname(file))) {
      await mkdir(dirname(file), { recursive: true })
      folders.add(dirname(file))
    }
    await writeFile(file, bytes)
  }
  let tree = emptyTree
  let root = emptyRoot(sha256)
  let edge: readonly Tile[] = []
  for (let from = 0; from < size; from += stepLeaves) {
    const leaves: Uint8Array[] = []
    for (let at = from; at < Math.min(size, from + stepLeaves); at += tileWidth) {
      const entries = Array.from({ length: Math.min(tileWidth, size - at) }, (_, offset) => madeEntry(at + offset))
      for (const entry of entries) leaves.push(leafHash(sha256, entry))
      await write(entriesPath(at / tileWidth, entries.length), formatEntryBundle(entries))
    }
    const appended = appendLeaves(sha256, tree, leaves)
    tree = appended.tree
    root = appended.root
    for (const tile of appended.changedTiles) if (tile.width === tileWidth) await write(tilePath(tile), tile.hashes)
    // A tile that did not grow in the last step is still the edge of its level.
    const changed = new Set(appended.changedTiles.map(({ level }) => level))
    edge = [...edge.filter(({ level }) => !changed.has(level)), ...appended.changedTiles.filter(({ width }) => width < tileWidth)]
  }
  for (const tile of edge) await write(tilePath(tile), tile.hashes)
  const checkpoint = signCheckpoint(sha256, { origin, size, root }, signer)
  const vkey = formatNoteKey(noteKey(sha256, origin, signer.publicKey))
  await write('vkeys', `${vkey}\n`)
  await write('checkpoint', checkpoint)
  return { size, checkpoint, vkey }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , dir, count] = process.argv
  if (dir === undefined || !(Number(count) >= 0)) {
    console.error('usage: write-log DIR ENTRIES')
    process.exit(2)
  }
  console.log((await writeLog(dir, Number(count))).vkey)
}
