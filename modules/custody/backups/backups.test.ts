/** The turn of the backups on a real server: made, tried out, kept while they are needed, and told as they are. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { nodeTenant, systemPrincipal } from '@gatehouse/runtime/base/context'
import { type Backups, backupsOf, prepareFolder } from '@gatehouse/runtime/data/backup/backups'
import { servedBackups } from '@gatehouse/runtime/data/backup/shelf'
import { diskBlobs } from '@gatehouse/runtime/data/blobs/disk'
import { folderEpochs } from '@gatehouse/runtime/data/keys/epochs'
import { fileKeyStore } from '@gatehouse/runtime/data/keys/file-key-store'
import { type Cluster, startCluster } from '@gatehouse/runtime/data/postgres/cluster'
import { testCluster } from '@gatehouse/runtime/data/testing/database'
import { type TestNode, testClock, testNode } from '@gatehouse/runtime/door/testing/node'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerModule, sequence } from '../../ledger/index.ts'
import { openRetention, type RetentionNode } from '../retention/testing/retention.ts'
import { vaultModule } from '../vault/index.ts'
import { checkCopy } from './check-copy.ts'
import { judge } from './judge.ts'
import { listBackups } from './list.ts'
import { makeBackup } from './make.ts'
import { measureLoop } from './measure.ts'
import { backupsModule } from './module.ts'
import { turnBackups } from './turn.ts'

const hourMs = 3_600_000

describe('how it stands', () => {
  const now = '2026-11-22T10:00:00.000Z' as Instant
  const made = (hoursAgo: number, more: object = {}) => ({
    made_at: new Date(Date.parse(now) - hoursAgo * hourMs).toISOString() as Instant,
    tried_at: now as Instant | null,
    fault: null as string | null,
    gone_at: null as Instant | null,
    ...more,
  })
  it.each([
    ['none', []],
    ['none', [made(1, { gone_at: now })]],
    ['good', [made(1)]],
    ['good', [made(47.9)]],
    ['late', [made(48)]],
    ['untried', [made(1, { tried_at: null })]],
    ['late', [made(60, { tried_at: null })]],
    ['faulty', [made(1, { fault: 'base: frame 3 was changed' }), made(20)]],
    ['good', [made(1), made(20, { fault: 'base: frame 3 was changed' })]],
  ] as const)('%s', (standing, backups) => expect(judge(backups, 24, now)).toBe(standing))
})

describe('a folder', () => {
  it.each([
    ['that is a file', import.meta.filename, 'EEXIST'],
    ['below a file', `${import.meta.filename}/backups`, 'ENOTDIR'],
  ])('%s is refused in plain words', async (_, folder, code) => {
    await expect(prepareFolder(folder)).rejects.toThrow(`GATEHOUSE_BACKUPS: ${folder} is no folder that backups can be written to (${code})`)
  })
})

describe('what has served', () => {
  it.each([
    [[], 2, [], []],
    [['c', 'b', 'a'], 2, ['a', 'b', 'c'], ['a']],
    [['c', 'b', 'a'], 1, ['a'], ['b']],
    [['d', 'c', 'b', 'a'], 2, ['a', 'b'], ['a']],
    [['c', 'b', 'a'], 1, [], ['b', 'a']],
  ] as const)('of %j, keeping %i, with %j good: %j', (all, keep, good, served) => expect(servedBackups(all, keep, new Set(good))).toEqual(served))
})

describe('what came back', () => {
  let t: RetentionNode
  beforeAll(async () => {
    t = await openRetention()
    while ((await sequence(t.node)).integrated > 0);
  })
  afterAll(() => t.close())

  /** The copy is the node's own database here; what is looked at is the same. */
  const check = () => checkCopy(t.node, t.database)
  const byHand = async (sql: string) => {
    const client = new pg.Client({ ...testCluster().superuser, database: String(t.database.pool.options.database) })
    await client.connect()
    await client.query('SET session_replication_role = replica')
    await client.query(sql)
    await client.end()
  }

  it('is taken where every log and every chain verifies', async () => {
    await expect(check()).resolves.toBeUndefined()
  })

  it.each([
    ['a tile of the log', 'ledger.tile', 'hashes', 'tile_altered'],
    ['the body of an entry', 'ledger.entry', 'body', 'entry_altered'],
    ['the root of the head', 'ledger.head', 'root', 'head_root_differs'],
    ['the signatures of blocks', 'vault.block', 'signature', 'faults in the copy'],
  ])('is refused where somebody changed %s', async (_, table, column, fault) => {
    const turn = `UPDATE ${table} SET ${column} = set_byte(${column}, 3, get_byte(${column}, 3) # 1) WHERE tenant_id = '${t.tenant}'`
    await byHand(turn)
    await expect(check()).rejects.toThrow(fault)
    await byHand(turn)
    await expect(check()).resolves.toBeUndefined()
  })
})

describe('the turn', () => {
  let place: string
  let folder: string
  let cluster: Cluster
  let backups: Backups
  let harm = false
  let t: TestNode
  // Epochs and folders go by the machine's clock.
  const clock = testClock(Date.now())

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'gatehouse-turn-'))
    if (process.getuid?.() === 0) await chmod(place, 0o711)
    folder = join(place, 'backups')
    cluster = await startCluster({ instanceDir: join(place, 'node'), searchPath: process.env.PATH })
    await write('CREATE TABLE act AS SELECT n, md5(n::text) AS text FROM generate_series(1, 5000) n')
    const blobs = diskBlobs(join(place, 'blobs'), clock.nowMs)
    await blobs.put(
      'documents/one',
      (async function* () {
        yield Buffer.from('sealed')
      })(),
    )
    const store = await fileKeyStore(join(place, 'keys', 'root.key'), nodePrimitives, { create: true })
    const epochs = folderEpochs([join(place, 'keys', 'epochs')], store, nodePrimitives, clock.nowMs)
    const real = backupsOf({
      schedule: { folder, everyHours: 24, keep: 1 },
      home: join(place, 'node'),
      blobs,
      epochs,
      primitives: nodePrimitives,
      searchPath: process.env.PATH,
      nowMs: clock.nowMs,
    })
    backups = {
      ...real,
      async make() {
        const id = await real.make()
        if (harm) await flip(join(folder, id, 'base.sealed'))
        return id
      },
    }
    t = await testNode({ modules: [ledgerModule, vaultModule, backupsModule], clock, backups })
  })
  afterAll(async () => {
    await t?.close()
    await cluster?.stop()
    await rm(place, { recursive: true, force: true })
  })

  const write = async (sql: string) => {
    const client = new pg.Client(cluster.connection)
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  const flip = async (path: string) => {
    const bytes = await readFile(path)
    const middle = Math.floor(bytes.length / 2)
    bytes[middle] = (bytes[middle] as number) ^ 1
    await writeFile(path, bytes)
  }
  const turn = async (input: object = {}) => {
    const answer = await t.door.enter(turnBackups, input as never, systemPrincipal(nodeTenant, 'job:backups-turn'))
    if (answer.outcome !== 'done') throw new Error(answer.outcome)
    return answer.output
  }
  const list = async () => {
    const answer = await t.door.enter(listBackups, {}, t.admin)
    if (answer.outcome !== 'done') throw new Error(answer.outcome)
    return answer.output
  }
  /** What the metric says. */
  const told = async () => {
    const { values } = await t.door.node.metrics.backupStanding.get()
    return values.filter(({ value }) => value === 1).map(({ labels }) => labels.standing)
  }
  const inFolder = async () => (await readdir(folder)).filter((name) => name !== 'wal').sort()

  it('makes the first, tries it out, leaves nothing of the trial, and says so in the node’s log', async () => {
    expect(await list()).toMatchObject({ standing: 'none', schedule: { every_hours: 24, keep: 1 }, data: [] })
    const { made, tried, fault } = await turn()
    expect([tried, fault]).toEqual([made, null])
    expect(await list()).toMatchObject({ standing: 'good', data: [{ id: made, fault: null, gone_at: null }] })
    expect(await readdir(join(place, 'node'))).not.toContain('trial')
    expect(t.entries.map(({ tenant, type }) => [tenant, type])).toEqual([
      [nodeTenant, 'backups.made'],
      [nodeTenant, 'backups.tried'],
    ])
  })

  it('within the hours only adds what the database wrote since, and is late after twice as many', async () => {
    const parts = async () => (await readdir(join(folder, 'wal'))).length
    const before = await parts()
    clock.advance(23 * hourMs)
    await write('INSERT INTO act SELECT n, md5(n::text) FROM generate_series(5001, 6000) n')
    expect(await turn()).toMatchObject({ made: null, tried: null, deleted: 0 })
    expect(await parts()).toBeGreaterThan(before)
    // Nor does it wait for what an idle database never writes.
    for (let turns = 0; turns < 3; turns++) expect(await turn()).toMatchObject({ made: null, tried: null, deleted: 0 })
    await measureLoop.run(t.door.node)
    expect(await told()).toEqual(['good'])
    clock.advance(26 * hourMs)
    expect((await list()).standing).toBe('late')
    await measureLoop.run(t.door.node)
    expect(await told()).toEqual(['late'])
  })

  it('finds one that does not come back, and keeps the last that did until a newer one does', async () => {
    const [good] = await inFolder()
    harm = true
    const bad = await turn()
    expect(bad.fault).toMatch(/^base: frame \d+ was changed/)
    expect(bad.deleted).toBe(0)
    expect(await inFolder()).toEqual([good, bad.made])
    expect((await list()).standing).toBe('faulty')
    harm = false
    clock.advance(hourMs)
    const next = await turn({ now: true })
    expect(next).toMatchObject({ fault: null, deleted: 2 })
    expect(await inFolder()).toEqual([next.made])
    expect(await list()).toMatchObject({ standing: 'good', data: [{ gone_at: null }, { gone_at: expect.any(String) }, { gone_at: expect.any(String) }] })
  }, 180_000)

  it('tells of what lies there and does not open, and removes nothing that is no backup', async () => {
    const [id = ''] = await inFolder()
    const manifest = join(folder, id, 'manifest.json')
    const text = await readFile(manifest, 'utf8')
    await writeFile(manifest, text.replace('made_at', 'mode_at'))
    expect(await backups.list()).toMatchObject({ kept: [], unreadable: [{ id, fault: 'manifest.json was changed' }] })
    await writeFile(manifest, text)
    expect((await backups.list()).kept).toHaveLength(1)
    await expect(backups.remove('../node')).rejects.toThrow(TypeError)
    await stat(join(place, 'node'))
  })
})

describe('a node without a schedule', () => {
  it.each(['off', 'external'] as const)('(%s) says so, and makes none', async (backups) => {
    const t = await testNode({ modules: [backupsModule], backups })
    try {
      expect(await t.door.enter(listBackups, {}, t.admin)).toMatchObject({ output: { standing: backups, schedule: null, data: [] } })
      await measureLoop.run(t.door.node)
      expect(await t.door.node.metrics.registry.getSingleMetricAsString('gatehouse_backup_standing')).toContain(`{standing="${backups}"} 1`)
      expect(await t.door.enter(makeBackup, {}, t.admin)).toMatchObject({ outcome: 'refused', problem: { kind: { type: '/problems/backups/not-scheduled' } } })
      const stranger = t.principal({ tenant: '01980000-0000-7000-8000-000000000002' as Id<'tenant'> })
      expect(await t.door.enter(turnBackups, { now: false }, stranger)).toMatchObject({ output: { made: null } })
      expect(t.enqueued).toEqual([])
    } finally {
      await t.close()
    }
  })
})
