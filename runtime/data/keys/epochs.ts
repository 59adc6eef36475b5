/**
 * Epoch keys: the level between the root key and the tenants' keys. They lie in files of their own, never in the database and so
 * never in its backups. Each is wrapped under the root key and bound to its number. Whatever a backup holds opens only as long as
 * the epoch key of that time exists; destroying it makes every copy of the backup unreadable, wherever it went.
 *
 * The node has a series of its own, which seals its backups as wholes; every tenant has another, in a folder of its name, under
 * which that tenant's keys lie. Destroying the series of one tenant makes what is the tenant's unreadable in every backup at once, and touches nobody else.
 *
 * Several folders hold the same files: the first is the node's own, the others are copies in other places, written and destroyed
 * along with it. An epoch key that is missing in one folder is taken from another.
 */
import { link, mkdir, open, readdir, readFile, rename, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Id, parseId } from '@gatehouse/core/id'
import { fromBase64, toBase64, toHex } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { nodeTenant } from '../../base/context.ts'
import { KeyGoneError, type KeyStore, KeyStoreError } from './key-store.ts'

export interface Epoch {
  readonly number: number
  readonly begunMs: number
  /** From when on its key is to be destroyed. */
  readonly endsMs: number
}

/** How long an epoch lasts, and how long after its beginning its key is destroyed. */
export interface EpochLife {
  readonly lastsMs: number
  readonly keptMs: number
}

export interface EpochKey extends Epoch {
  readonly key: Uint8Array
}

export interface EpochSeries {
  readonly life: EpochLife
  /** Those whose key exists, oldest first. */
  list(): Promise<readonly Epoch[]>
  /** The newest; made where there is none yet. */
  newest(): Promise<EpochKey>
  /** @throws KeyStoreError naming the epoch and the folders where its key is missing, or does not open with the root key */
  key(number: number): Promise<EpochKey>
  /** Makes the epoch after the given one. Of several processes that do so at once all get the same. */
  beginAfter(epoch: number): Promise<Epoch>
  /** Epochs below this one end at that moment, unless they end sooner. */
  endBelow(epoch: number, endsMs: number): Promise<void>
  /** Overwrites and removes the key in every folder. @throws KeyStoreError for a folder that could not be reached */
  destroy(number: number): Promise<void>
}

/** The node's own series, and from there those of the tenants. */
export interface Epochs extends EpochSeries {
  /** The node's own for the node. */
  of(tenant: Id<'tenant'>): EpochSeries
  /** Keys of the tenant that this process has opened are forgotten. */
  forget(tenant: Id<'tenant'>): void
  /**
   * Overwrites and removes every key of the tenant's series, for ever: what is the tenant's opens in no backup any more. It may be repeated.
   * @throws KeyStoreError for a folder that could not be reached; TypeError for the node's own series
   */
  destroySeries(tenant: Id<'tenant'>): Promise<void>
  /** Tenants that have a series. */
  tenants(): Promise<readonly Id<'tenant'>[]>
  /** Wraps every epoch key of every series under another root key, once it is proven that it opens. Broken off, it goes on where it was. */
  moveTo(store: KeyStore): Promise<number>
}

interface EpochFile {
  readonly v: 1
  readonly epoch: number
  readonly begun_at: string
  readonly ends_at?: string
  readonly wrapped: string
}

const fileName = /^([0-9]{6})\.epoch$/
const draftName = /^\.[0-9]{6}\.epoch\.[0-9a-f]{16}$/
const nameOf = (number: number) => `${String(number).padStart(6, '0')}.epoch`

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
  const own = folderSeries(folders, (number, begunAt) => ['gatehouse/epoch/v1', String(number), begunAt], { store, primitives, nowMs, life })
  const known = new Map<string, FolderSeries>()

  function of(tenant: Id<'tenant'>): FolderSeries {
    if (tenant === nodeTenant) return own
    const series =
      known.get(tenant) ??
      folderSeries(
        folders.map((folder) => join(folder, tenant)) as [string, ...string[]],
        (number, begunAt) => ['gatehouse/epoch/v2', tenant, String(number), begunAt],
        { store, primitives, nowMs, life },
      )
    known.set(tenant, series)
    return series
  }

  async function tenants(): Promise<Id<'tenant'>[]> {
    const names = (await Promise.all(folders.map(namesIn))).flat()
    return [...new Set(names)].flatMap((name) => parseId<'tenant'>(name) ?? []).sort()
  }

  const { destroyAll: _, moveTo: moveOwn, ...series } = own
  return {
    ...series,
    of,
    async destroySeries(tenant) {
      if (tenant === nodeTenant) throw new TypeError('the series of the node itself is never destroyed')
      await of(tenant).destroyAll()
      known.delete(tenant)
    },
    forget: (tenant) => {
      known.delete(tenant)
    },
    tenants,
    async moveTo(other) {
      let moved = await moveOwn(other)
      for (const tenant of await tenants()) moved += await of(tenant).moveTo(other)
      return moved
    },
  }
}

interface FolderSeries extends EpochSeries {
  destroyAll(): Promise<void>
  moveTo(store: KeyStore): Promise<number>
}

interface SeriesInput {
  readonly store: KeyStore
  readonly primitives: Primitives
  readonly nowMs: () => number
  readonly life: EpochLife
}

function folderSeries(
  folders: readonly [string, ...string[]],
  contextOf: (number: number, begunAt: string) => readonly string[],
  { store, primitives, nowMs, life }: SeriesInput,
): FolderSeries {
  const opened = new Map<number, Promise<EpochKey>>()

  async function numbersIn(folder: string): Promise<number[]> {
    return (await namesIn(folder)).flatMap((name) => (fileName.test(name) ? [Number(name.slice(0, 6))] : []))
  }

  async function find(number: number): Promise<EpochFile> {
    for (const folder of folders) {
      const text = await readFile(join(folder, nameOf(number)), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      if (text !== undefined) return parse(text, join(folder, nameOf(number)), number)
    }
    throw new KeyGoneError(
      `the key of epoch ${number} is in none of ${folders.join(', ')}. What was written in that epoch cannot be read without it. Several processes of one node must share this folder; put it back from a copy where it was lost. If the epoch is over and its key was destroyed, nothing can bring it back.`,
    )
  }

  function factsOf(file: EpochFile): Epoch {
    const begunMs = Date.parse(file.begun_at)
    const endsMs = begunMs + life.keptMs
    return { number: file.epoch, begunMs, endsMs: file.ends_at === undefined ? endsMs : Math.min(endsMs, Date.parse(file.ends_at)) }
  }

  async function unwrap(file: EpochFile, by: KeyStore): Promise<Uint8Array | undefined> {
    const wrapped = fromBase64(file.wrapped)
    return wrapped && (await by.unwrap(wrapped, contextOf(file.epoch, file.begun_at)))
  }

  async function openFile(number: number): Promise<EpochKey> {
    const file = await find(number)
    const key = await unwrap(file, store)
    if (key === undefined)
      throw new KeyStoreError(
        `the root key does not open the key of epoch ${number}: it belongs to another node, or the file was changed or put in another's place. Put the right one in place.`,
      )
    return { ...factsOf(file), key }
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
    const text = textOf({ v: 1, epoch: number, begun_at, wrapped })
    // The first folder decides which of two is the one; only that one is copied.
    await placeOnce(folders[0], nameOf(number), text, primitives)
    const kept = await readFile(join(folders[0], nameOf(number)), 'utf8')
    for (const folder of folders.slice(1)) await placeOnce(folder, nameOf(number), kept, primitives)
  }

  async function replaceAll(file: EpochFile): Promise<void> {
    for (const folder of folders) await replace(folder, nameOf(file.epoch), textOf(file), primitives)
  }

  async function inEveryFolder(what: string, act: (folder: string) => Promise<void>): Promise<void> {
    const failed: string[] = []
    for (const folder of folders) await act(folder).catch(() => failed.push(folder))
    if (failed.length > 0) throw new KeyStoreError(`${what} could not be destroyed in ${failed.join(', ')}`)
  }

  return {
    life,
    key,
    async list() {
      return (await Promise.all((await numbers()).map(find))).map(factsOf)
    },
    async newest() {
      const newest = (await numbers()).at(-1)
      if (newest === undefined) await make(1)
      return key(newest ?? 1)
    },
    async beginAfter(epoch) {
      await make(epoch + 1)
      const { key: _, ...begun } = await key(epoch + 1)
      return begun
    },
    async endBelow(epoch, endsMs) {
      for (const number of (await numbers()).filter((number) => number < epoch)) {
        const file = await find(number)
        if (factsOf(file).endsMs <= endsMs) continue
        await replaceAll({ ...file, ends_at: new Date(endsMs).toISOString() })
        opened.delete(number)
      }
    },
    async destroy(number) {
      opened.delete(number)
      await inEveryFolder(`the key of epoch ${number}`, (folder) => shred(join(folder, nameOf(number))))
    },
    async destroyAll() {
      opened.clear()
      await inEveryFolder('keys of epochs', async (folder) => {
        for (const name of await namesIn(folder)) if (fileName.test(name) || draftName.test(name)) await shred(join(folder, name))
        await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error
        })
      })
    },
    async moveTo(other) {
      let moved = 0
      for (const number of await numbers()) {
        const file = await find(number)
        const bare = await unwrap(file, store)
        if (bare === undefined) {
          // A move that was broken off had come this far.
          if ((await unwrap(file, other)) !== undefined) continue
          throw new KeyStoreError(`neither root key opens the key of epoch ${number} in ${folders[0]}: it was not moved. Put the file back from a copy.`)
        }
        const context = contextOf(number, file.begun_at)
        const wrapped = await other.wrap(bare, context)
        const back = await other.unwrap(wrapped, context)
        if (back === undefined || !primitives.equal(back, bare))
          throw new KeyStoreError(`the new root key does not give back what it wrapped: nothing of epoch ${number} was changed`)
        await replaceAll({ ...file, wrapped: toBase64(wrapped) })
        moved++
      }
      opened.clear()
      return moved
    },
  }
}

const textOf = (file: EpochFile): string => `${JSON.stringify(file)}\n`

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

function parse(text: string, path: string, number: number): EpochFile {
  try {
    const file = JSON.parse(text) as EpochFile
    if (
      file.v === 1 &&
      file.epoch === number &&
      typeof file.wrapped === 'string' &&
      isMoment(file.begun_at) &&
      (file.ends_at === undefined || isMoment(file.ends_at))
    )
      return file
  } catch {
    // Said below.
  }
  throw new KeyStoreError(`${path} does not hold the key of epoch ${number}. Put the file back from a copy.`)
}

const isMoment = (text: string): boolean => !Number.isNaN(Date.parse(text))

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
