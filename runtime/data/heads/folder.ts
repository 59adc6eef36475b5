/**
 * Heads in a folder, on a disk of its own or a share. Each name is a folder, each version a file `@<number>` in it, and the highest number is the head.
 * A swap writes a draft, flushes it and links it to the next number: `link` fails where the number is taken, so of several processes
 * one succeeds, and a crash leaves either the old head or the new one, whole. No lock is held that a dead process could leave behind.
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { checkHead, type Head, type HeadStore, HeadStoreError } from './head-store.ts'

/** Older versions that stay, so that one who was overtaken can see whether the others built on what it wrote. */
const keptMax = 16
/** A draft this old was left by a process that died. */
const draftMs = 3_600_000
const readTriesMax = 20
const nonceBytes = 8

/** @throws HeadStoreError when the folder cannot be made or written to */
export async function folderHeads(place: string): Promise<HeadStore> {
  const root = resolve(place)
  await reaching(root, async () => {
    await mkdir(root, { recursive: true, mode: 0o700 })
    await access(root, constants.R_OK | constants.W_OK)
  })

  async function read(name: string): Promise<Stored | undefined> {
    const folder = join(root, name)
    // Between the look at the folder and the opening of a file others may have moved on and cleared it away.
    for (let tries = 0; tries < readTriesMax; tries++) {
      const newest = (await numbersIn(folder)).at(-1)
      if (newest === undefined) return undefined
      const found = await readVersion(folder, newest)
      if (found !== undefined) return found
    }
    throw new HeadStoreError(`the head ${name} moves faster than it can be read`)
  }

  return {
    kind: 'folder',
    async read(name) {
      checkHead(name)
      const found = await reaching(root, () => read(name))
      return found && { version: found.version, value: found.value }
    },
    async compareAndSwap(name, expected, value) {
      checkHead(name, value)
      return reaching(root, async () => {
        const before = await read(name)
        if (before?.version !== expected) return undefined
        const folder = join(root, name)
        await makeFolder(root, folder)
        const number = (before?.number ?? 0) + 1
        const nonce = randomBytes(nonceBytes).toString('hex')
        const draft = join(folder, `.${nonce}`)
        await writeDurably(draft, Buffer.concat([Buffer.from(`${nonce} ${before?.nonce ?? '-'}\n`), value]))
        const place = join(folder, fileOf(number))
        try {
          if (!(await link(draft, place).then(() => true, ifExists))) return undefined
        } finally {
          await unlink(draft)
        }
        await flushFolder(folder)
        if (!(await inForce(folder, number, nonce))) {
          await unlink(place).catch(ifMissing)
          return undefined
        }
        await clearAway(folder, number - keptMax)
        return versionOf(number, nonce)
      })
    },
    async list(prefix) {
      return reaching(root, async () => {
        const found = await readdir(root, { recursive: true, withFileTypes: true })
        const names = found.filter((entry) => entry.isFile() && numberOf(entry.name) !== undefined).map((entry) => entry.parentPath.slice(root.length + 1))
        return [...new Set(names)].filter((name) => name.startsWith(prefix)).sort()
      })
    },
    async close() {},
  }
}

interface Stored extends Head {
  readonly number: number
  readonly nonce: string
  /** The nonce of the version that this one followed. */
  readonly previous: string
}

/** The nonce makes a version unlike any other, also after the folder was put back from a copy and numbers come again. */
const versionOf = (number: number, nonce: string) => `${number}-${nonce}`
const fileOf = (number: number) => `@${number}`

function numberOf(file: string): number | undefined {
  const [, digits] = /^@([1-9][0-9]{0,15})$/.exec(file) ?? []
  return digits === undefined ? undefined : Number(digits)
}

async function numbersIn(folder: string): Promise<number[]> {
  const files = await readdir(folder).catch((error) => ifMissing(error) ?? [])
  return files.flatMap((file) => numberOf(file) ?? []).sort((left, right) => left - right)
}

async function readVersion(folder: string, number: number): Promise<Stored | undefined> {
  const bytes = await readFile(join(folder, fileOf(number))).catch(ifMissing)
  if (bytes === undefined) return undefined
  const end = bytes.indexOf('\n')
  const [, nonce, previous] = /^([0-9a-f]{16}) ([0-9a-f]{16}|-)$/.exec(bytes.subarray(0, Math.max(0, end)).toString('latin1')) ?? []
  if (nonce === undefined || previous === undefined) throw new HeadStoreError(`${join(folder, fileOf(number))} is not a head: put it back from its copy`)
  return { number, nonce, previous, version: versionOf(number, nonce), value: new Uint8Array(bytes.subarray(end + 1)) }
}

/**
 * A process that slept between its look and its link may have taken a number that was long cleared away. What it wrote was in force
 * only if nothing stands above it, or what stands next followed it.
 */
async function inForce(folder: string, number: number, nonce: string): Promise<boolean> {
  const numbers = await numbersIn(folder)
  if (numbers.at(-1) === number) return true
  return (await readVersion(folder, number + 1))?.previous === nonce
}

async function clearAway(folder: string, upTo: number): Promise<void> {
  const files = await readdir(folder)
  await Promise.all(
    files.map(async (file) => {
      const number = numberOf(file)
      const path = join(folder, file)
      const old =
        number === undefined ? file.startsWith('.') && Date.now() - ((await stat(path).catch(ifMissing))?.mtimeMs ?? Date.now()) > draftMs : number <= upTo
      if (old) await unlink(path).catch(ifMissing)
    }),
  )
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A new name in a folder survives a crash only once the folder itself was flushed. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function makeFolder(root: string, folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) === undefined) return
  for (let above = dirname(folder); above.length >= root.length; above = dirname(above)) await flushFolder(above)
}

function ifExists(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false
  throw error
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}

async function reaching<T>(root: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof HeadStoreError || (cause as NodeJS.ErrnoException).code === undefined) throw cause
    throw new HeadStoreError(`the folder of heads ${root} cannot be used (${(cause as NodeJS.ErrnoException).code})`, { cause })
  }
}
