/** Puts a backup into an empty home. What it leaves is a database that has recovered to the wished moment, and a mark that makes the node catch up before it opens. */
import { createReadStream } from 'node:fs'
import { chmod, chown, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { BlobStore } from '../blobs/blob-store.ts'
import type { Epochs } from '../keys/epochs.ts'
import { serverAccount } from '../postgres/account.ts'
import { startCluster } from '../postgres/cluster.ts'
import { readEntries } from './entries.ts'
import { type Manifest, openFile, readManifest } from './make.ts'
import { BackupError, openStream } from './sealed-file.ts'

export interface RestoreInput {
  readonly home: string
  /** The folder of the one backup; finished segments of the log lie in `wal` beside it. */
  readonly from: string
  /** The moment to go to; the end of the backup where it is absent. */
  readonly toMs?: number | undefined
  readonly blobs: BlobStore
  readonly epochs: Epochs
  readonly primitives: Primitives
  readonly searchPath?: string | undefined
  readonly durable?: boolean
  readonly onProgress?: (step: string) => void
}

/** The node reads it at its start, and removes it when it has caught up. */
export const restoredMark = 'restored.json'

/** @throws BackupError for a home that is not empty, or a backup that does not hold, before anything is started */
export async function restoreBackup(input: RestoreInput): Promise<Manifest> {
  const { home, from, epochs, primitives, onProgress = () => {} } = input
  const postgres = join(home, 'postgres')
  const dataDir = join(postgres, 'data')
  if (await stat(dataDir).catch(() => undefined)) throw new BackupError(`${home} holds a database already. Restore into an empty home.`)
  onProgress('checking the manifest')
  const manifest = await readManifest(from, epochs, primitives)
  if (input.toMs !== undefined && input.toMs < Date.parse(manifest.made_at))
    throw new BackupError(`the backup was made later than that, at ${manifest.made_at}. Take an older one.`)
  const half = join(postgres, 'restoring')
  await rm(half, { recursive: true, force: true })
  try {
    for (const name of ['base', 'label'] as const) {
      onProgress(`unpacking ${name}`)
      await unpack(openFile(from, manifest.id, name, epochs, primitives), half)
    }
    const archive = join(half, 'restored-wal')
    await unpack(openFile(from, manifest.id, 'wal', epochs, primitives), archive)
    if (input.toMs !== undefined) await unpackLater(join(dirname(from), 'wal'), archive, epochs, primitives)
    onProgress('unpacking objects')
    for await (const entry of readEntries(openFile(from, manifest.id, 'objects', epochs, primitives))) await input.blobs.put(entry.path, entry.bytes())
    await writeFile(join(half, 'recovery.signal'), '')
    // Nobody may enter while it recovers: a server that answers, but takes no writing, would be taken for ready.
    // The target is the first end that recovery meets; without one it ends where the backup is whole.
    const target =
      input.toMs === undefined
        ? "recovery_target = 'immediate'"
        : `recovery_target_time = '${new Date(input.toMs).toISOString().replace('T', ' ').replace('Z', '+00')}'`
    await writeFile(
      join(half, 'local.conf'),
      [`restore_command = 'cp "${join(dataDir, 'restored-wal')}/%f" "%p"'`, target, "recovery_target_action = 'promote'", 'hot_standby = off', ''].join('\n'),
    )
    await handOver(half)
    await rename(half, dataDir)
  } catch (error) {
    await rm(half, { recursive: true, force: true })
    throw error
  }
  onProgress('recovering the database')
  try {
    const cluster = await startCluster({ instanceDir: home, durable: input.durable ?? true, searchPath: input.searchPath })
    await cluster.stop()
  } catch (cause) {
    await rm(dataDir, { recursive: true, force: true })
    throw new BackupError(
      input.toMs === undefined
        ? 'PostgreSQL could not recover from this backup'
        : 'PostgreSQL could not recover to that moment: the log that was kept ends before it, or has a gap',
      { cause },
    )
  }
  for (const name of ['local.conf', 'restored-wal']) await rm(join(dataDir, name), { recursive: true, force: true })
  await writeFile(
    join(home, restoredMark),
    `${JSON.stringify({ backup: manifest.id, to: input.toMs === undefined ? null : new Date(input.toMs).toISOString() })}\n`,
    { mode: 0o600 },
  )
  return manifest
}

async function unpack(source: AsyncIterable<Uint8Array>, root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  for await (const { path, kind, bytes } of readEntries(source)) {
    const full = join(root, path)
    if (kind === 'folder') await mkdir(full, { recursive: true, mode: 0o700 })
    else {
      await mkdir(dirname(full), { recursive: true, mode: 0o700 })
      const file = await open(full, 'w', 0o600)
      try {
        // Not flushed one by one: PostgreSQL flushes its whole folder before it recovers.
        for await (const chunk of bytes()) await file.write(chunk)
      } finally {
        await file.close()
      }
    }
  }
}

async function unpackLater(folder: string, archive: string, epochs: Epochs, primitives: Primitives): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.sealed')).map((name) => name.slice(0, -'.sealed'.length))
  for (const name of names) {
    const opened = Readable.from(openStream(primitives, epochs, 'wal', name, createReadStream(join(folder, `${name}.sealed`))), { objectMode: false })
    const file = await open(join(archive, name), 'w', 0o600)
    await pipeline(opened, createGunzip(), file.createWriteStream())
  }
}

/** To the account that the server runs as, with the rights it insists on. */
async function handOver(root: string): Promise<void> {
  const account = await serverAccount()
  const walk = async (path: string, folder: boolean): Promise<void> => {
    await chmod(path, folder ? 0o700 : 0o600)
    if (account) await chown(path, account.uid, account.gid)
    if (folder) for (const entry of await readdir(path, { withFileTypes: true })) await walk(join(path, entry.name), entry.isDirectory())
  }
  await walk(root, true)
}
