import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { utf8 } from '@gatehouse/crypto/bytes'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEgress } from '../egress.ts'
import { testDatabase } from '../testing/database.ts'
import { folderHeads } from './folder.ts'
import { HeadStoreError } from './head-store.ts'
import { postgresHeads } from './postgres.ts'
import { s3Heads } from './s3.ts'
import { type ConditionalS3, startConditionalS3 } from './testing/conditional-s3.ts'
import { headStoreContract } from './testing/contract.ts'

headStoreContract('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-heads-'))
  return { open: () => folderHeads(join(folder, 'heads')), remove: () => rm(folder, { recursive: true }) }
})

headStoreContract('another PostgreSQL', async () => {
  const database = await testDatabase()
  return { open: () => postgresHeads(database.connection), remove: () => database.drop() }
})

const bucket = 'heads'
const s3Of = (endpoint: string) => ({
  bucket,
  folder: 'node-1/',
  region: 'us-east-1',
  endpoint,
  pathStyle: true,
  kmsKey: undefined,
  credentials: { accessKeyId: 'tests', secretAccessKey: 'tests' },
})

headStoreContract('a bucket (a server of the tests’ own that keeps conditions)', async () => {
  const server = await startConditionalS3(bucket)
  const egress = openEgress({ allow: ['127.0.0.1'] })
  return { open: () => s3Heads(egress, s3Of(server.endpoint)), remove: () => egress.close().then(server.close) }
})

describe('a bucket of heads', () => {
  const egress = openEgress({ allow: ['127.0.0.1'] })
  let server: ConditionalS3
  beforeEach(async () => {
    server = await startConditionalS3(bucket)
  })
  afterEach(() => server.close())

  it('is refused where the server does not keep conditions: a log could fork', async () => {
    server.keeping = false
    await expect(s3Heads(egress, s3Of(server.endpoint))).rejects.toThrow('does not keep conditions')
  })

  it('says so when it is away', async () => {
    await expect(s3Heads(egress, s3Of('http://127.0.0.1:1'))).rejects.toThrow(HeadStoreError)
    const store = await s3Heads(egress, s3Of(server.endpoint))
    await server.close()
    await expect(store.read('log/a')).rejects.toThrow(HeadStoreError)
    await expect(store.compareAndSwap('log/a', undefined, utf8('x'))).rejects.toThrow(HeadStoreError)
    server = await startConditionalS3(bucket)
  })

  it('knows its own write again that was answered as failed and sent once more', async () => {
    const store = await s3Heads(egress, s3Of(server.endpoint))
    server.losing = 1
    const version = await store.compareAndSwap('log/a', undefined, utf8('one'))
    expect(await store.read('log/a')).toEqual({ version, value: utf8('one') })
  })
})

describe('a folder of heads', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-heads-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('says so when it cannot be used, and when a head was damaged', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(folderHeads(join(folder, 'file'))).rejects.toThrow(HeadStoreError)
    const store = await folderHeads(folder)
    await store.compareAndSwap('log/a', undefined, utf8('one'))
    await writeFile(join(folder, 'log/a/@2'), 'half')
    await expect(store.read('log/a')).rejects.toThrow(HeadStoreError)
    await rm(folder, { recursive: true })
    await writeFile(folder, '')
    await expect(store.compareAndSwap('log/b', undefined, utf8('x'))).rejects.toThrow(HeadStoreError)
  })

  it('does not accept a version again after it was put back from a copy and moved on elsewhere', async () => {
    const store = await folderHeads(folder)
    const first = (await store.compareAndSwap('log/a', undefined, utf8('one')))!
    const copy = await readFile(join(folder, 'log/a/@1'))
    const second = (await store.compareAndSwap('log/a', first, utf8('two')))!
    await rm(join(folder, 'log/a/@2'))
    await writeFile(join(folder, 'log/a/@1'), copy)
    const otherSecond = await store.compareAndSwap('log/a', first, utf8('another two'))
    expect(otherSecond?.split('-')[0]).toBe(second.split('-')[0])
    expect(await store.compareAndSwap('log/a', second, utf8('three'))).toBeUndefined()
  })

  it('stays small: old versions and the drafts of the dead are cleared away', async () => {
    const store = await folderHeads(folder)
    let version: string | undefined
    for (let round = 0; round < 40; round++) version = await store.compareAndSwap('log/a', version, utf8(`${round}`))
    expect((await readdir(join(folder, 'log/a'))).length).toBeLessThanOrEqual(16)
  })

  // Every run ends in the middle of something; what the process was told of must be there, and the head must be whole.
  it('keeps what it acknowledged when its process is killed at any moment', { timeout: 60_000 }, async () => {
    const store = await folderHeads(folder)
    for (let round = 0; round < 6; round++) {
      const child = fork(new URL('./testing/swapper.ts', import.meta.url), [folder], { execArgv: ['--conditions=source', '--import', 'tsx'] })
      let acknowledged = -1
      child.on('message', (count: number) => {
        acknowledged = count
      })
      await once(child, 'message')
      await new Promise((resolve) => setTimeout(resolve, 5 + round * 13))
      child.kill('SIGKILL')
      await once(child, 'exit')
      const head = await store.read('log/killed')
      expect(Number(Buffer.from(head!.value).toString())).toBeGreaterThanOrEqual(acknowledged)
    }
  })
})

describe('a database of heads', () => {
  it('says so when it is away, and goes on when it is back', async () => {
    await expect(postgresHeads({ host: '127.0.0.1', port: 1, user: 'nobody' })).rejects.toThrow(HeadStoreError)
    const database = await testDatabase()
    const store = await postgresHeads(database.connection)
    await store.compareAndSwap('log/a', undefined, utf8('one'))
    await database.drop()
    await expect(store.read('log/a')).rejects.toThrow(HeadStoreError)
    await store.close()
  })
})
