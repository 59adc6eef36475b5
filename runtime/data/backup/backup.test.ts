/** Backup and restore of a real server: to the end of the backup, to a moment after it, and never from one that does not hold. */
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodePrimitives } from '@gatehouse/crypto/node'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlobStore } from '../blobs/blob-store.ts'
import { diskBlobs } from '../blobs/disk.ts'
import { type Epochs, folderEpochs } from '../keys/epochs.ts'
import { fileKeyStore } from '../keys/file-key-store.ts'
import { type Cluster, startCluster } from '../postgres/cluster.ts'
import { runningSuperuser, switchLog } from '../postgres/running.ts'
import { beginArchive, makeBackup, sealArchive } from './make.ts'
import { restoreBackup } from './restore.ts'

let place: string
let cluster: Cluster
let epochs: Epochs
let blobs: BlobStore
let backup: string
let moment: number
const homeOf = (name: string) => join(place, name)
const primitives = nodePrimitives

async function ask<Row extends object>(on: Pick<Cluster, 'connection'>, text: string): Promise<Row[]> {
  const client = new pg.Client(on.connection)
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
async function epochsIn(folder: string): Promise<Epochs> {
  return folderEpochs([join(folder, 'epochs')], await fileKeyStore(join(folder, 'root.key'), primitives, { create: true }), primitives, Date.now)
}
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
const restore = (home: string, more: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
  restoreBackup({
    home: homeOf(home),
    from: backup,
    blobs: diskBlobs(homeOf(`${home}-blobs`), Date.now),
    epochs,
    primitives,
    searchPath: process.env.PATH,
    ...more,
  })

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'gatehouse-backup-'))
  if (process.getuid?.() === 0) await chmod(place, 0o711)
  cluster = await startCluster({ instanceDir: homeOf('node'), searchPath: process.env.PATH })
  epochs = await epochsIn(join(place, 'keys'))
  blobs = diskBlobs(join(place, 'blobs'), Date.now)
  await blobs.put('documents/one', bytesOf('a document'))
  await ask(cluster, 'CREATE TABLE act (n integer); INSERT INTO act VALUES (1)')
  const archive = homeOf('node/postgres/archive')
  await beginArchive(archive)
  const made = await makeBackup({
    dataDir: homeOf('node/postgres/data'),
    superuser: cluster.superuser,
    blobs,
    to: join(place, 'backups'),
    epochs,
    primitives,
    nowMs: Date.now(),
  })
  backup = made.folder
  await ask(cluster, 'INSERT INTO act VALUES (2)')
  await sleep(50)
  moment = Date.now()
  await sleep(50)
  await ask(cluster, 'INSERT INTO act VALUES (3)')
  await switchLog(await runningSuperuser(homeOf('node')))
  await sealArchive({ to: join(place, 'backups'), archive, epochs, primitives })
}, 180_000)
afterAll(async () => {
  await cluster?.stop()
  await rm(place, { recursive: true, force: true })
})

describe('a restore refuses', () => {
  const altered = async (name: string, change: (folder: string) => Promise<unknown>) => {
    const folder = join(place, name, 'copy')
    await cp(backup, folder, { recursive: true })
    await change(folder)
    return restore(`${name}-home`, { from: folder })
  }
  const flipped = async (path: string, at: number) => {
    const bytes = await readFile(path)
    bytes[at] = (bytes[at] as number) ^ 1
    await writeFile(path, bytes)
  }

  it('another root key, and an epoch whose key was destroyed', async () => {
    const other = await epochsIn(join(place, 'other-keys'))
    await other.newest()
    await expect(restore('a', { epochs: other })).rejects.toThrow('manifest.json was changed')
    await mkdir(join(place, 'over'))
    await cp(join(place, 'keys'), join(place, 'over'), { recursive: true })
    const over = await epochsIn(join(place, 'over'))
    await over.destroy(1)
    await expect(restore('b', { epochs: over })).rejects.toThrow('the key of epoch 1 is in none of')
  })
  it('a home that holds a database', async () => {
    await expect(restore('node')).rejects.toThrow('holds a database already')
  })
  it('a moment before the backup', async () => {
    await expect(restore('c', { toMs: Date.now() - 3_600_000 })).rejects.toThrow('the backup was made later than that')
  })
  it('a manifest with any other list', async () => {
    const change = async (folder: string) => {
      const path = join(folder, 'manifest.json')
      await writeFile(path, (await readFile(path, 'utf8')).replace(/sha256\\":\\"./, 'sha256\\":\\"x'))
    }
    await expect(altered('manifest', change)).rejects.toThrow('manifest.json was changed')
  })
  it('a file with one bit flipped, or cut short, before anything is started', async () => {
    const { size } = await stat(join(backup, 'base.sealed'))
    await expect(altered('flip', (folder) => flipped(join(folder, 'base.sealed'), Math.floor(size / 2)))).rejects.toThrow(/^base: frame \d+ was changed/)
    await expect(altered('cut', (folder) => truncate(join(folder, 'wal.sealed'), 5_000))).rejects.toThrow(/^wal: frame 0 is cut off/)
    await expect(stat(homeOf('cut-home/postgres/data'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
  it('a file of the backup in the place of another', async () => {
    await expect(altered('swap', (folder) => cp(join(folder, 'wal.sealed'), join(folder, 'base.sealed')))).rejects.toThrow('base: it is wal of backup')
  })
})

describe('a backup', () => {
  it('holds nothing in the clear', async () => {
    for (const name of ['base', 'wal', 'objects', 'label']) expect((await readFile(join(backup, `${name}.sealed`))).includes('a document'), name).toBe(false)
  })

  it.each([
    ['the end of the backup', false, [1]],
    ['a moment after it', true, [1, 2]],
  ])(
    'comes back in an empty home, to %s',
    async (_name, later, acts) => {
      const home = later ? 'later' : 'at-once'
      await restore(home, later ? { toMs: moment } : {})
      const back = await startCluster({ instanceDir: homeOf(home), searchPath: process.env.PATH })
      try {
        expect((await ask<{ n: number }>(back, 'SELECT n FROM act ORDER BY n')).map(({ n }) => n)).toEqual(acts)
        await ask(back, 'INSERT INTO act VALUES (9)')
      } finally {
        await back.stop()
      }
      const document = await diskBlobs(homeOf(`${home}-blobs`), Date.now).get('documents/one')
      const chunks: Uint8Array[] = []
      for await (const chunk of document ?? []) chunks.push(chunk)
      expect(Buffer.concat(chunks).toString()).toBe('a document')
      expect(JSON.parse(await readFile(join(homeOf(home), 'restored.json'), 'utf8'))).toHaveProperty('backup')
    },
    120_000,
  )
})
