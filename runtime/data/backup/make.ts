/** Makes a backup of a node that goes on working: the database with the log of changes that belongs to it, and the large objects. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { derive } from '@gatehouse/crypto/kdf'
import type { Primitives } from '@gatehouse/crypto/primitives'
import pg from 'pg'
import { type BlobStore, listAll } from '../blobs/blob-store.ts'
import type { Epochs } from '../keys/epochs.ts'
import { serverAccount } from '../postgres/account.ts'
import type { SocketConnection } from '../postgres/cluster.ts'
import { type Entry, writeEntries } from './entries.ts'
import { BackupError, openStream, sealStream } from './sealed-file.ts'

export interface Manifest {
  readonly v: 1
  readonly id: string
  readonly made_at: string
  readonly epoch: number
  readonly postgres: number
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]
}

export interface BackupInput {
  readonly dataDir: string
  readonly superuser: SocketConnection
  readonly blobs: BlobStore
  /** The folder that holds the backups; this one gets a folder of its own in it. */
  readonly to: string
  readonly epochs: Epochs
  readonly primitives: Primitives
  readonly nowMs: number
  readonly onProgress?: (step: string) => void
}

/** What PostgreSQL's manual says to leave out of a base backup (section 25.3.4). */
const emptied = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'])
const left = /^(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*|local\.conf|recovery\.signal|standby\.signal)$/
const segment = /^[0-9A-F]{24}(\.[0-9A-F]{8}\.backup)?$|^[0-9A-F]{8}\.history$/

/** @returns the folder, complete: while it is being made it bears another name */
export async function makeBackup(input: BackupInput): Promise<{ folder: string; manifest: Manifest }> {
  const { primitives, epochs, nowMs, onProgress = () => {} } = input
  const id = `${new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')}-${toHex(primitives.randomBytes(4))}`
  const half = join(input.to, `.${id}.part`)
  await mkdir(half, { recursive: true, mode: 0o700 })
  const client = new pg.Client(input.superuser)
  await client.connect()
  const files: Manifest['files'][number][] = []
  const keep = async (name: string, entries: AsyncIterable<Entry>) => {
    onProgress(`writing ${name}`)
    files.push(await writeSealed(half, id, name, entries, input))
  }
  try {
    onProgress('asking PostgreSQL for a starting point')
    const [start] = (await client.query<{ segment: string }>("SELECT pg_walfile_name(pg_backup_start('gatehouse', fast => true)) AS segment")).rows
    await keep('base', filesOf(input.dataDir))
    const [stop] = (
      await client.query<{ label: string; segment: string }>(
        'SELECT s.labelfile AS label, pg_walfile_name(s.lsn) AS segment FROM pg_backup_stop(wait_for_archive => false) s',
      )
    ).rows
    if (start === undefined || stop === undefined) throw new BackupError('PostgreSQL gave no starting point')
    await keep('label', one('backup_label', utf8(stop.label)))
    await client.query('SELECT pg_switch_wal()')
    await keep('wal', segmentsOf(join(input.dataDir, 'pg_wal'), start.segment, stop.segment))
    await keep('objects', objectsOf(input.blobs))
    const version = Number((await client.query<{ v: string }>("SELECT current_setting('server_version_num') AS v")).rows[0]?.v)
    const epoch = await epochs.newest()
    const manifest: Manifest = { v: 1, id, made_at: new Date(nowMs).toISOString(), epoch: epoch.number, postgres: Math.floor(version / 10_000), files }
    await writeDurably(join(half, 'manifest.json'), signedManifest(primitives, epoch.key, manifest))
    onProgress('reading it back')
    for (const file of files) await readBack(half, id, file.name, epochs, primitives)
    const folder = join(input.to, id)
    await rename(half, folder)
    return { folder, manifest }
  } finally {
    await client.end()
  }
}

/** The manifest with its seal: a list that was changed, or is another backup's, is found before anything of it is used. */
export function signedManifest(primitives: Primitives, epochKey: Uint8Array, manifest: Manifest): string {
  const body = JSON.stringify(manifest)
  return `${JSON.stringify({ manifest: body, seal: toHex(sealOf(primitives, epochKey, body)) })}\n`
}

function sealOf(primitives: Primitives, epochKey: Uint8Array, body: string): Uint8Array {
  return primitives.hmacSha256(derive(primitives, epochKey, utf8('manifest'), 'gatehouse/backup-manifest/v1', 32), utf8(body))
}

/** @throws BackupError when the manifest was changed; KeyStoreError when its epoch is over */
export async function readManifest(folder: string, epochs: Epochs, primitives: Primitives): Promise<Manifest> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => {
    throw new BackupError(`${folder} is no backup: it has no manifest.json`)
  })
  let outer: { manifest: string; seal: string }
  let manifest: Manifest
  try {
    outer = JSON.parse(text) as typeof outer
    manifest = JSON.parse(outer.manifest) as Manifest
  } catch {
    throw new BackupError('manifest.json cannot be read')
  }
  const { key } = await epochs.key(manifest.epoch)
  if (!primitives.equal(Buffer.from(outer.seal, 'hex'), sealOf(primitives, key, outer.manifest))) throw new BackupError('manifest.json was changed')
  return manifest
}

/** Opens a file of the backup as the stream it was made of. */
export function openFile(folder: string, backup: string, name: string, epochs: Epochs, primitives: Primitives): AsyncIterable<Uint8Array> {
  const opened = Readable.from(openStream(primitives, epochs, backup, name, createReadStream(join(folder, `${name}.sealed`))), { objectMode: false })
  const plain = createGunzip()
  pipeline(opened, plain).catch(() => {})
  opened.once('error', (error) => plain.destroy(error))
  return plain
}

async function readBack(folder: string, backup: string, name: string, epochs: Epochs, primitives: Primitives): Promise<void> {
  for await (const _ of openFile(folder, backup, name, epochs, primitives)) {
    // Reading it to its end is the check.
  }
}

async function writeSealed(
  folder: string,
  backup: string,
  name: string,
  entries: AsyncIterable<Entry>,
  input: BackupInput,
): Promise<Manifest['files'][number]> {
  const path = join(folder, `${name}.sealed`)
  const packed = createGzip({ level: 1 })
  const packing = pipeline(Readable.from(writeEntries(entries), { objectMode: false }), packed)
  const hash = createHash('sha256')
  let bytes = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of sealStream(input.primitives, input.epochs, backup, name, packed)) {
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  await Promise.all([packing, pipeline(Readable.from(counted(), { objectMode: false }), createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))])
  return { name, bytes, sha256: hash.digest('hex') }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await writeFile(file, text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function* one(path: string, bytes: Uint8Array): AsyncGenerator<Entry> {
  yield {
    path,
    kind: 'file',
    size: bytes.length,
    bytes: async function* () {
      yield bytes
    },
  }
}

async function* filesOf(root: string, folder = root): AsyncGenerator<Entry> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = join(folder, entry.name)
    const path = relative(root, full)
    if (left.test(entry.name)) continue
    if (entry.isDirectory()) {
      yield { path, kind: 'folder', size: 0, bytes: nothing }
      if (!emptied.has(path)) yield* filesOf(root, full)
    } else if (entry.isFile()) {
      // A table that is dropped meanwhile takes its file along; the log of changes drops it again.
      const found = await stat(full).catch(() => undefined)
      if (found !== undefined) yield { path, kind: 'file', size: found.size, bytes: () => readIfThere(full) }
    }
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* readIfThere(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

async function* segmentsOf(folder: string, first: string, last: string): AsyncGenerator<Entry> {
  const names = (await readdir(folder)).filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last).sort()
  if (names[0] !== first) throw new BackupError('PostgreSQL has already recycled a part of its log that the backup needs; raise wal_keep_size')
  for (const name of names) {
    const full = join(folder, name)
    yield { path: name, kind: 'file', size: (await stat(full)).size, bytes: () => createReadStream(full) as AsyncIterable<Uint8Array> }
  }
}

async function* objectsOf(blobs: BlobStore): AsyncGenerator<Entry> {
  for await (const blob of listAll(blobs, '')) {
    const body = await blobs.get(blob.name)
    if (body !== undefined) yield { path: blob.name, kind: 'file', size: blob.size, bytes: () => body }
  }
}

/** From now on finished segments of the log are kept for restores to any later moment. */
export async function beginArchive(archive: string): Promise<void> {
  await mkdir(archive, { recursive: true, mode: 0o700 })
  const account = await serverAccount()
  if (account) await chown(archive, account.uid, account.gid)
}

/** Seals those finished segments of the log that the archive holds and the backup folder does not. They are what carries a restore to a later moment. */
export async function sealArchive(input: Pick<BackupInput, 'to' | 'epochs' | 'primitives'> & { archive: string }): Promise<number> {
  const folder = join(input.to, 'wal')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const done = new Set(await readdir(folder))
  let count = 0
  for (const name of (await readdir(input.archive).catch(() => [])).sort()) {
    if (!segment.test(name) || done.has(`${name}.sealed`)) continue
    const full = join(input.archive, name)
    const half = join(folder, `.${name}.part`)
    const packed = createReadStream(full).pipe(createGzip({ level: 1 }))
    await pipeline(
      Readable.from(sealStream(input.primitives, input.epochs, 'wal', name, packed), { objectMode: false }),
      createWriteStream(half, { mode: 0o600, flush: true }),
    )
    await rename(half, join(folder, `${name}.sealed`))
    await rm(full)
    count++
  }
  return count
}
