/**
 * A log as files in a folder, as C2SP tlog-tiles lays them out. It goes on where it was broken off: a full tile that is there stays. Each file is
 * written beside its place, flushed and moved there, and the checkpoint comes last: a folder with a checkpoint has all it speaks of.
 */
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { parseCheckpoint } from '@gatehouse/transparency/checkpoint'
import { noteText } from '@gatehouse/transparency/note'
import { entriesPath, tileAt, tilePath, tileWidth } from '@gatehouse/transparency/tile'

const together = 8

/** Reads one of the log's files by its path: `checkpoint`, `vkeys`, `tile/…`. */
export type ReadFile = (path: string) => Promise<Uint8Array>

export interface ExportedLog {
  readonly origin: string
  readonly size: number
  readonly written: number
  /** Files that an earlier run had written. */
  readonly kept: number
}

/** @throws Error when the folder holds another log, or a longer one than is offered now */
export async function exportLog(folder: string, read: ReadFile, onProgress: (done: number, of: number) => void = () => {}): Promise<ExportedLog> {
  const checkpoint = Buffer.from(await read('checkpoint')).toString('utf8')
  const { origin, size } = headOf(checkpoint)
  const before = await readFile(join(folder, 'checkpoint'), 'utf8').catch(() => undefined)
  if (before !== undefined) {
    const old = headOf(before)
    if (old.origin !== origin) throw new Error(`The folder holds the log ${old.origin}; give ${origin} a folder of its own.`)
    if (old.size > size)
      throw new Error(`The folder holds ${old.size} entries and the log now shows ${size}: a log never shrinks. Keep the folder and verify it.`)
  }
  const paths = filesOf(size)
  const there = await filesIn(folder)
  for (const directory of new Set(paths.map((path) => dirname(path)))) await mkdir(join(folder, directory), { recursive: true })
  let done = 0
  let written = 0
  const waiting = paths[Symbol.iterator]()
  let broken = false
  const work = async () => {
    for (const path of waiting) {
      if (broken) return
      // A partial tile is of one size only; it is there or it is not, like a full one.
      if (!there.has(path)) {
        await writeDurably(join(folder, path), await read(path))
        written++
      }
      onProgress(++done, paths.length)
    }
  }
  // The others end what they are at before a failure is told: nothing is written any more by then.
  const failing = () =>
    work().catch((error: unknown) => {
      broken = true
      throw error
    })
  const ended = await Promise.allSettled(Array.from({ length: together }, failing))
  const failed = ended.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  await writeDurably(join(folder, 'vkeys'), await read('vkeys'))
  await writeDurably(join(folder, 'checkpoint'), Buffer.from(checkpoint))
  return { origin, size, written, kept: paths.length - written }
}

/** The tiles and bundles that a tree of this size consists of. */
function filesOf(size: number): string[] {
  const paths: string[] = []
  for (let index = 0; index * tileWidth < size; index++) {
    const tile = tileAt(size, 0, index)
    if (tile !== undefined) paths.push(entriesPath(index, tile.width))
  }
  for (let level = 0; tileAt(size, level, 0) !== undefined; level++) {
    for (let index = 0, tile = tileAt(size, level, 0); tile !== undefined; index++, tile = tileAt(size, level, index)) paths.push(tilePath(tile))
  }
  return paths
}

function headOf(note: string): { origin: string; size: number } {
  const head = parseCheckpoint(noteText(note) ?? '')
  if (head === undefined) throw new Error('This is no checkpoint of a log.')
  return head
}

/** What an earlier run has left, by the paths of the log; asked for once, not file by file. */
async function filesIn(folder: string): Promise<ReadonlySet<string>> {
  await mkdir(folder, { recursive: true })
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return new Set(found.filter((file) => file.isFile()).map((file) => relative(folder, join(file.parentPath, file.name)).split(sep).join('/')))
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.draft`
  const file = await open(draft, 'w')
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
