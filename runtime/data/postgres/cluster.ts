import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { type Account, nodeUserName, serverAccount } from './account.ts'
import { type Binaries, locateBinaries } from './binaries.ts'
import { type Postmaster, startPostmaster } from './postmaster.ts'
import { initdbArguments, ordinaryDatabase, ordinaryRole, pgHbaConf, pgIdentConf, port, postgresqlConf, runAs, superuser } from './settings.ts'

const run = promisify(execFile)

/** What `pg` needs to reach a database through the cluster's private socket. */
export interface SocketConnection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

export interface Cluster {
  readonly kind: Binaries['kind']
  /** The ordinary role: row-level security applies to it. */
  readonly connection: SocketConnection
  /** For set-up and tests; the node never works as this role. */
  readonly superuser: SocketConnection
  readonly pid: number
  stop(): Promise<void>
}

export interface ClusterInput {
  readonly instanceDir: string
  /** `false` only in tests. */
  readonly durable?: boolean | undefined
  readonly searchPath?: string | undefined
  readonly onProgress?: ((step: string) => void) | undefined
  readonly onLost?: ((reason: string) => void) | undefined
}

/** Starts the instance's own PostgreSQL, making it on the first run. Calling it again after any kind of death is safe. */
export async function startCluster({ instanceDir, durable = true, searchPath, onProgress, onLost }: ClusterInput): Promise<Cluster> {
  const account = await serverAccount()
  const home = join(instanceDir, 'postgres')
  const dataDir = join(home, 'data')
  const logDir = join(home, 'log')
  await mkdir(instanceDir, { recursive: true })
  // The server's account has to walk through the instance directory; what lies beside its own folder stays closed to it.
  if (account) await chmod(instanceDir, 0o711)
  for (const folder of [home, logDir]) await privateFolder(folder, account)
  const socketDir = await makeSocketFolder(home, account)

  const binaries = await locateBinaries({ account, copyDir: join(instanceDir, 'programs'), searchPath })
  await ensureData({ binaries, dataDir, account, durable, onProgress })
  await writeFile(join(dataDir, 'postgresql.conf'), postgresqlConf({ socketDir, logDir, archiveDir: join(home, 'archive'), durable }))
  await writeFile(join(dataDir, 'pg_hba.conf'), pgHbaConf)
  await writeFile(join(dataDir, 'pg_ident.conf'), pgIdentConf(nodeUserName()))

  onProgress?.('starting PostgreSQL')
  const postmaster = await startPostmaster({ binDir: binaries.binDir, dataDir, logDir, account, onLost })
  const reach = (user: string, database: string): SocketConnection => ({ host: socketDir, port, user, database })
  await ensureRole(reach(superuser, 'postgres'), postmaster)
  return {
    kind: binaries.kind,
    connection: reach(ordinaryRole, ordinaryDatabase),
    superuser: reach(superuser, 'postgres'),
    pid: postmaster.pid,
    stop: () => postmaster.stop(),
  }
}

interface DataInput {
  readonly binaries: Binaries
  readonly dataDir: string
  readonly account: Account | undefined
  readonly durable: boolean
  readonly onProgress: ((step: string) => void) | undefined
}

/** Makes the data directory beside its place and moves it there when complete, so that an interrupted first run leaves none. */
async function ensureData({ binaries, dataDir, account, durable, onProgress }: DataInput): Promise<void> {
  const written = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (written !== undefined) {
    if (Number(written) === binaries.major) return
    throw new Error(
      `The data in ${dataDir} was written by PostgreSQL ${written.trim()}, but the programs in ${binaries.binDir} are version ${binaries.major}. Install version ${written.trim()}, or move the data over with pg_dump and pg_restore.`,
    )
  }
  onProgress?.('making the database')
  const half = `${dataDir}.new`
  await rm(half, { recursive: true, force: true })
  try {
    await run(join(binaries.binDir, 'initdb'), initdbArguments(half, durable), runAs(account))
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string }
    const reach = account ? ` The account "${account.name}" must be able to walk through every folder above it.` : ''
    throw new Error(`initdb could not make ${half}.${reach}\n${stderr.trim()}`, { cause })
  }
  await rename(half, dataDir)
}

/** The role and its database, made by the superuser once. Nobody else may even connect to it. */
async function ensureRole(connection: SocketConnection, postmaster: Postmaster): Promise<void> {
  const client = new pg.Client(connection)
  try {
    await client.connect()
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      'select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $2) as database',
      [ordinaryRole, ordinaryDatabase],
    )
    if (!rows[0]?.role) await client.query(`create role ${ordinaryRole} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication`)
    if (!rows[0]?.database) await client.query(`create database ${ordinaryDatabase} owner ${ordinaryRole}`)
    await client.query(`revoke all on database ${ordinaryDatabase} from public`)
  } catch (error) {
    await postmaster.stop()
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function privateFolder(path: string, account: Account | undefined): Promise<void> {
  await mkdir(path, { recursive: true })
  await chmod(path, 0o700)
  if (account) await chown(path, account.uid, account.gid)
}

/** The kernel cuts socket paths at 104 bytes on macOS (108 on Linux). */
const socketPathMax = 103

/** Beside the data, or under the system's temporary folder where the instance's path is too long for a socket. */
export function socketFolder(home: string, temporary: string, uid: number): string {
  const beside = join(home, 'run')
  const fits = Buffer.byteLength(join(beside, `.s.PGSQL.${port}`)) <= socketPathMax
  return fits ? beside : join(temporary, `gatehouse-${uid}-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`)
}

async function makeSocketFolder(home: string, account: Account | undefined): Promise<string> {
  const owner = account?.uid ?? process.getuid?.() ?? 0
  const folder = socketFolder(home, tmpdir(), owner)
  await privateFolder(folder, account)
  // In a folder everyone may write to, a stranger could have made ours first.
  const made = await lstat(folder)
  if (!made.isDirectory() || made.uid !== owner) throw new Error(`${folder} belongs to somebody else; remove it and start again.`)
  return folder
}
