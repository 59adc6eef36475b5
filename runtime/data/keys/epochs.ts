/**
 * Epoch keys: the level between the root key and the tenants' keys. They lie in files of their own, never in the database and so
 * never in its backups. Each is wrapped under the root key and bound to its number. Whatever a backup holds opens only as long as
 * the epoch key of that time exists; destroying it makes every copy of the backup unreadable, wherever it went.
 *
 * Several folders hold the same files: the first is the node's own, the others are copies in other places, written and destroyed
 * along with it. An epoch key that is missing in one folder is taken from another.
 */
import { link, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBase64, toBase64, toHex } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type KeyStore, KeyStoreError } from './key-store.ts'

export interface Epoch {
  readonly number: number
  readonly begunMs: number
}

/** How long an epoch lasts, and how long after its beginning its key is destroyed. */
export interface EpochLife {
  readonly lastsMs: number
  readonly keptMs: number
}

export interface EpochKey extends Epoch {
  readonly key: Uint8Array
}

export interface Epochs {
  readonly life: EpochLife
  /** Those whose key exists, oldest first. */
  list(): Promise<readonly Epoch[]>
  /** The newest; made where there is none yet. */
  newest(): Promise<EpochKey>
  /** @throws KeyStoreError naming the epoch and the folders where its key is missing, or does not open with the root key */
  key(number: number): Promise<EpochKey>
  /** Makes the epoch after the given one. Of several processes that do so at once all get the same. */
  beginAfter(epoch: number): Promise<Epoch>
  /** Overwrites and removes the key in every folder. @throws KeyStoreError for a folder that could not be reached */
  destroy(number: number): Promise<void>
  /** Wraps every epoch key under another root key, and keeps the earlier wrapping beside it until `store` has proven that it opens. */
  moveTo(store: KeyStore): Promise<number>
}

interface EpochFile {
  readonly v: 1
  readonly epoch: number
  readonly begun_at: string
  readonly wrapped: string
}

const fileName = /^([0-9]{6})\.epoch$/
const nameOf = (number: number) => `${String(number).padStart(6, '0')}.epoch`
const contextOf = (number: number, begunAt: string) => ['gatehouse/epoch/v1', String(number), begunAt]

export const dayMs = 86_400_000
const usualLife: EpochLife = { lastsMs: 7 * dayMs, keptMs: 28 * dayMs }

/** @param folders the node's own first */
export function folderEpochs(
  folders: readonly [string, ...string[]],
  store: KeyStore,
  primitives: Primitives,
  nowMs: () => number,
  life: EpochLife = usualLife,
): Epochs {
  const opened = new Map<number, Promise<EpochKey>>()

  async function numbersIn(folder: string): Promise<number[]> {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return names.flatMap((name) => (fileName.test(name) ? [Number(name.slice(0, 6))] : [])).sort((left, right) => left - right)
  }

  async function find(number: number): Promise<EpochFile> {
    for (const folder of folders) {
      const text = await readFile(join(folder, nameOf(number)), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      if (text !== undefined) return parse(text, join(folder, nameOf(number)), number)
    }
    throw new KeyStoreError(
      `the key of epoch ${number} is in none of ${folders.join(', ')}. What was written in that epoch cannot be read without it. Put the folder back from a copy; if the epoch is over and its key was destroyed, nothing can bring it back.`,
    )
  }

  async function openFile(number: number): Promise<EpochKey> {
    const file = await find(number)
    const wrapped = fromBase64(file.wrapped)
    const key = wrapped && (await store.unwrap(wrapped, contextOf(number, file.begun_at)))
    if (key === undefined)
      throw new KeyStoreError(
        `the root key does not open the key of epoch ${number}: it belongs to another node, or the file was changed. Put the right one in place.`,
      )
    return { number, begunMs: Date.parse(file.begun_at), key }
  }

  function key(number: number): Promise<EpochKey> {
    const known = opened.get(number)
    if (known !== undefined) return known
    const made = openFile(number)
    opened.set(number, made)
    made.catch(() => opened.delete(number))
    return made
  }

  async function numbers(): Promise<number[]> {
    return [...new Set((await Promise.all(folders.map(numbersIn))).flat())].sort((left, right) => left - right)
  }

  async function make(number: number): Promise<void> {
    const begun_at = new Date(nowMs()).toISOString()
    const wrapped = toBase64(await store.wrap(primitives.randomBytes(32), contextOf(number, begun_at)))
    const text = `${JSON.stringify({ v: 1, epoch: number, begun_at, wrapped } satisfies EpochFile)}\n`
    // The first folder decides which of two is the one; only that one is copied.
    await placeOnce(folders[0], nameOf(number), text, primitives)
    const kept = await readFile(join(folders[0], nameOf(number)), 'utf8')
    for (const folder of folders.slice(1)) await placeOnce(folder, nameOf(number), kept, primitives)
  }

  return {
    life,
    key,
    async list() {
      const files = await Promise.all((await numbers()).map(find))
      return files.map((file) => ({ number: file.epoch, begunMs: Date.parse(file.begun_at) }))
    },
    async newest() {
      const newest = (await numbers()).at(-1)
      if (newest === undefined) await make(1)
      return key(newest ?? 1)
    },
    async beginAfter(epoch) {
      await make(epoch + 1)
      const { number, begunMs } = await key(epoch + 1)
      return { number, begunMs }
    },
    async destroy(number) {
      opened.delete(number)
      const failed: string[] = []
      for (const folder of folders) await shred(join(folder, nameOf(number))).catch(() => failed.push(folder))
      if (failed.length > 0) throw new KeyStoreError(`the key of epoch ${number} could not be destroyed in ${failed.join(', ')}`)
    },
    async moveTo(other) {
      const all = await numbers()
      for (const number of all) {
        const file = await find(number)
        const { key: bare } = await openFile(number)
        const context = contextOf(number, file.begun_at)
        const wrapped = await other.wrap(bare, context)
        const back = await other.unwrap(wrapped, context)
        if (back === undefined || !primitives.equal(back, bare))
          throw new KeyStoreError(`the new root key does not give back what it wrapped: nothing of epoch ${number} was changed`)
        const text = `${JSON.stringify({ ...file, wrapped: toBase64(wrapped) } satisfies EpochFile)}\n`
        for (const folder of folders) await replace(folder, nameOf(number), text, primitives)
      }
      opened.clear()
      return all.length
    },
  }
}

function parse(text: string, path: string, number: number): EpochFile {
  try {
    const file = JSON.parse(text) as EpochFile
    if (file.v === 1 && file.epoch === number && typeof file.wrapped === 'string' && !Number.isNaN(Date.parse(file.begun_at))) return file
  } catch {
    // Said below.
  }
  throw new KeyStoreError(`${path} does not hold the key of epoch ${number}. Put the file back from a copy.`)
}

async function draft(folder: string, name: string, text: string, primitives: Primitives): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `.${name}.${toHex(primitives.randomBytes(8))}`)
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  return path
}

/** In full or not at all, and never over one that is there. */
async function placeOnce(folder: string, name: string, text: string, primitives: Primitives): Promise<void> {
  const path = await draft(folder, name, text, primitives)
  await link(path, join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await unlink(path)
  await flush(folder)
}

async function replace(folder: string, name: string, text: string, primitives: Primitives): Promise<void> {
  await rename(await draft(folder, name, text, primitives), join(folder, name))
  await flush(folder)
}

/** What a disk really does with overwritten bytes is its own affair; the wrapped key is useless without the root key in any case. */
async function shred(path: string): Promise<void> {
  const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return
  try {
    const { size } = await file.stat()
    await file.write(new Uint8Array(size), 0, size, 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await unlink(path)
}

async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
