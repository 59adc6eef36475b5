/** Objects as files of one folder. Written in full beside their place, flushed, and then moved there. */
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, opendir, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { type Blob, type BlobStore, checkName, checkPrefix, clip, limitOf } from './blob-store.ts'

/** Files end with it and folders do not, so that `a` and `a/b` can both be names. */
const suffix = '.blob'
/** No name begins with a dot, so no listing walks in here. */
const drafts = '.drafts'
/** What a killed process left behind is taken for dead after this. */
const draftMaxMs = 86_400_000
/** A chunk of a table comes in one piece; larger objects never lie in memory whole. */
const pieceMax = 4_194_304
/** Small pieces go to the system together, as many as it takes at once. */
const piecesMax = 1_024

/** @param directory made when it is not there, for the node's user alone */
export function diskBlobs(directory: string, nowMs: () => number): BlobStore {
  const pathOf = (name: string) => join(directory, ...checkName(name).split('/')) + suffix
  let prepared: Promise<void> | undefined

  async function prepare(): Promise<void> {
    await makeFolder(join(directory, drafts))
    for await (const entry of await opendir(join(directory, drafts))) {
      const path = join(directory, drafts, entry.name)
      const found = await stat(path).catch(gone)
      if (found !== undefined && nowMs() - found.mtimeMs > draftMaxMs) await rm(path, { force: true })
    }
  }

  /** A folder that became empty may be taken away by a `delete` just before the file is moved into it; then it is made again. */
  async function moveInto(draft: string, path: string): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await makeFolder(dirname(path))
        await rename(draft, path)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 99) throw error
      }
    }
    await flushFolder(dirname(path)).catch(gone)
  }

  return {
    kind: 'disk',
    async put(name, body) {
      const path = pathOf(name)
      prepared ??= prepare()
      await prepared
      const draft = join(directory, drafts, randomUUID())
      const file = await open(draft, 'wx', 0o600)
      try {
        const size = await writeAll(file, body)
        await file.sync()
        const { mtimeMs } = await file.stat()
        await file.close()
        await moveInto(draft, path)
        return { name, size, modifiedMs: mtimeMs }
      } catch (error) {
        await file.close().catch(() => {})
        await rm(draft, { force: true })
        throw error
      }
    },
    async get(name, range) {
      const file = await open(pathOf(name), 'r').catch(gone)
      if (file === undefined) return undefined
      try {
        const part = clip(range, (await file.stat()).size)
        if (part !== undefined)
          return createReadStream('', { fd: file, start: part.start, end: part.end - 1, highWaterMark: Math.min(part.end - part.start, pieceMax) })
      } catch (error) {
        await file.close()
        throw error
      }
      await file.close()
      return nothing()
    },
    async stat(name) {
      const found = await stat(pathOf(name)).catch(gone)
      return found === undefined ? undefined : { name, size: found.size, modifiedMs: found.mtimeMs }
    },
    async delete(name) {
      const path = pathOf(name)
      const removed = await unlink(path).then(
        () => true,
        (error) => gone(error) ?? false,
      )
      if (!removed) return
      await flushFolder(dirname(path)).catch(gone)
      for (let folder = dirname(path); folder.startsWith(directory + sep); folder = dirname(folder)) {
        if (
          !(await rmdir(folder).then(
            () => true,
            () => false,
          ))
        )
          break
      }
    },
    async list(prefix, page) {
      const limit = limitOf(page)
      const found: Blob[] = []
      const within = checkPrefix(prefix).slice(0, prefix.lastIndexOf('/') + 1)
      for await (const blob of walk(directory, within, { prefix, after: page?.after ?? '' })) if (found.push(blob) === limit) break
      return found
    },
  }
}

/** Depth first, in the order of the whole names: a folder's slash counts where it stands. */
async function* walk(root: string, folder: string, wanted: { prefix: string; after: string }): AsyncGenerator<Blob, void, undefined> {
  const entries = (await readdir(join(root, folder), { withFileTypes: true }).catch(gone)) ?? []
  const names = entries.flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === drafts ? [] : [`${folder}${entry.name}/`]
    return entry.name.endsWith(suffix) ? [`${folder}${entry.name.slice(0, -suffix.length)}`] : []
  })
  for (const name of names.sort(byBytes)) {
    if (!name.startsWith(wanted.prefix)) continue
    if (name.endsWith('/')) {
      if (wanted.after === '' || name > wanted.after || wanted.after.startsWith(name)) yield* walk(root, name, wanted)
    } else if (name > wanted.after) {
      const found = await stat(join(root, name) + suffix).catch(gone)
      if (found !== undefined) yield { name, size: found.size, modifiedMs: found.mtimeMs }
    }
  }
}

/** Names are ASCII, so the order of code units is the order of bytes. */
const byBytes = (left: string, right: string) => (left < right ? -1 : 1)

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {}

function gone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function writeAll(file: FileHandle, body: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  let waiting: Uint8Array[] = []
  let length = 0
  const write = async (): Promise<void> => {
    const pieces = waiting
    let left = length
    waiting = []
    length = 0
    while (left > 0) {
      const { bytesWritten } = await file.writev(pieces)
      left -= bytesWritten
      if (left > 0) dropFront(pieces, bytesWritten)
    }
  }
  for await (const bytes of body) {
    waiting.push(bytes)
    length += bytes.length
    size += bytes.length
    if (length >= pieceMax || waiting.length === piecesMax) await write()
  }
  await write()
  return size
}

/** What a write that was cut short has taken already. */
function dropFront(pieces: Uint8Array[], taken: number): void {
  let left = taken
  while (left >= (pieces[0] as Uint8Array).length) left -= (pieces.shift() as Uint8Array).length
  pieces[0] = (pieces[0] as Uint8Array).subarray(left)
}

async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let folder = dirname(path); folder.length >= dirname(first).length; folder = dirname(folder)) await flushFolder(folder).catch(gone)
}

/** The entry in the folder, too, has to reach the disk. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
