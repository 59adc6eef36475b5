import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processBirth } from './process-birth.ts'

/** Where everything a node keeps lies: moving this one directory moves the node. */
export interface InstancePaths {
  readonly dir: string
  /** Root keys and credentials; the folder is 0700 and every file in it 0600. */
  readonly keysDir: string
  readonly blobsDir: string
  /** The newest heads, where no better place is configured. */
  readonly headsDir: string
  readonly logsDir: string
  readonly lockFile: string
}

export function instancePaths(dir: string): InstancePaths {
  return {
    dir,
    keysDir: join(dir, 'keys'),
    blobsDir: join(dir, 'blobs'),
    headsDir: join(dir, 'heads'),
    logsDir: join(dir, 'logs'),
    lockFile: join(dir, 'lock'),
  }
}

/** Root's nodes live here: PostgreSQL runs as another account, which cannot walk into root's home. */
const systemDir = '/var/lib/gatehouse'

export interface InstanceInput {
  /** The folder of the checkout (or of the installation). */
  readonly root: string
  /** An explicit place, from the configuration. */
  readonly directory?: string | undefined
}

/** Decides the directory and makes it. As root the clone remembers a random id, so that two clones never share data. */
export async function openInstance({ root, directory }: InstanceInput): Promise<InstancePaths> {
  try {
    return await makeDirectory(directory ? resolve(root, directory) : await usualDirectory(root))
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw cause
    throw new Error(
      `This user may not write to ${path}, where the node keeps its data. Start it as the user who did before, or give that user the folder (chown -R).`,
      { cause },
    )
  }
}

async function makeDirectory(dir: string): Promise<InstancePaths> {
  const paths = instancePaths(dir)
  await mkdir(dir, { recursive: true })
  // As root the account PostgreSQL runs as walks through to its own folder; it can list or read nothing on the way.
  await chmod(dir, process.getuid?.() === 0 ? 0o711 : 0o700)
  for (const folder of [paths.keysDir, paths.blobsDir, paths.headsDir, paths.logsDir]) {
    await mkdir(folder, { recursive: true })
    await chmod(folder, 0o700)
  }
  return paths
}

async function usualDirectory(root: string): Promise<string> {
  const local = join(root, '.gatehouse')
  if (process.getuid?.() !== 0) return local
  const idFile = join(local, 'instance')
  await mkdir(local, { recursive: true })
  // `wx` lets the first of two simultaneous starts choose the id; both then read the same.
  await writeFile(idFile, `${randomBytes(8).toString('hex')}\n`, { flag: 'wx' }).catch(ifExists)
  await mkdir(systemDir, { recursive: true, mode: 0o711 })
  const id = (await readFile(idFile, 'utf8')).trim()
  if (!/^[0-9a-f]{16}$/.test(id))
    throw new Error(`${idFile} should hold 16 hexadecimal digits, the name of this clone's folder in ${systemDir}. Restore it, or remove it to begin anew.`)
  return join(systemDir, id)
}

interface Holder {
  readonly pid: number
  readonly born: string
}

export interface InstanceLock {
  release(): Promise<void>
}

/** A node that was just told to stop may still be draining. */
const waitMs = 10_000

/**
 * Makes this process the only node of the instance. The file names the process and the moment it began, so that a number
 * given to another program after a crash is not mistaken for a running node.
 */
export async function lockInstance({ lockFile, dir }: InstancePaths, limitMs = waitMs): Promise<InstanceLock> {
  const own: Holder = { pid: process.pid, born: (await processBirth(process.pid)) ?? '' }
  const draft = `${lockFile}.${own.pid}`
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 })
  try {
    const deadline = Date.now() + limitMs
    for (;;) {
      if (await link(draft, lockFile).then(() => true, ifExists)) return { release: () => rm(lockFile, { force: true }) }
      const holder = await livingHolder(lockFile)
      if (holder === undefined) await removeDead(lockFile, `${draft}.dead`)
      else if (Date.now() < deadline) await sleep(100)
      else throw new Error(`Another node (process ${holder.pid}) runs in ${dir}. Stop it first, or give this one a directory of its own.`)
    }
  } finally {
    await rm(draft, { force: true })
  }
}

function ifExists(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false
  throw error
}

async function livingHolder(file: string): Promise<Holder | undefined> {
  const holder = parseHolder(await readFile(file, 'utf8').catch(() => ''))
  return holder && (await processBirth(holder.pid)) === holder.born ? holder : undefined
}

/** Moves the file aside before looking again: between the first look and the move another node may have made it its own. */
async function removeDead(lockFile: string, aside: string): Promise<void> {
  await rename(lockFile, aside).catch(() => undefined)
  if (await livingHolder(aside)) await link(aside, lockFile).catch(() => undefined)
  await rm(aside, { force: true })
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, born } = JSON.parse(text) as Partial<Holder>
    return typeof pid === 'number' && typeof born === 'string' ? { pid, born } : undefined
  } catch {
    return undefined
  }
}
