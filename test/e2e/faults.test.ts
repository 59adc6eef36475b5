/** What a node does when it is killed, when its database goes away, when its disk is full, and when it is asked to stop. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { startCluster } from '@gatehouse/runtime/data/postgres/cluster'
import { must } from '@gatehouse/sdk/client'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { inspect, type SharedDatabase, sharedDatabase, urlOf } from './database.ts'
import { manyRows, planImport } from './files.ts'
import { entries, faults } from './log.ts'
import { type NodeProcess, startNode, until } from './node.ts'
import { arrange, authorize, importPeople, redeem, type Scenario } from './scenario.ts'

/** What takes a second or two on a quiet machine; what hangs takes longer than this on any. */
const patientMs = 45_000

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function started(options: Parameters<typeof startNode>[0] = {}): Promise<NodeProcess> {
  const node = await startNode(options)
  cleanups.push(() => node.remove())
  return node
}

async function shared(): Promise<SharedDatabase> {
  const database = await sharedDatabase()
  cleanups.push(() => database.drop())
  return database
}

/** Starts again in the same home after a death. */
const again = (node: NodeProcess, environment: Readonly<Record<string, string>>) => started({ home: node.home, environment })

const settled = (promise: Promise<{ status: number }>) => promise.then(({ status }) => status).catch(() => 'cut' as const)

const fault = async (node: NodeProcess) => {
  await until(async () => (await entries(node.operator, {})).every((entry) => entry.integrated), 20_000)
  return faults(node.operator)
}

describe('kill -9', () => {
  it('during an import keeps what was acknowledged, and sending the file again completes it once', async () => {
    const database = await shared()
    const environment = { DATABASE_URL: database.url }
    const node = await started({ environment })
    const count = 4_000
    const importId = await planImport(node, 'many')
    const send = (at: NodeProcess) =>
      fetch(`${at.origin}/v1/vault/imports/${importId}/records`, {
        method: 'POST',
        headers: { authorization: `Bearer ${at.credential.key}` },
        body: Readable.toWeb(manyRows(count)) as ReadableStream,
        duplex: 'half',
      } as RequestInit)
    const cut = settled(send(node))
    const progress = async (at: NodeProcess) =>
      (await at.operator.GET('/v1/vault/imports/{import}', { params: { path: { import: importId } } } as never)).data as unknown as {
        progress: { imported: number }
      }
    let acknowledged = 0
    await until(async () => {
      acknowledged = (await progress(node)).progress.imported
      return acknowledged > 0
    })
    await node.kill()
    expect(await cut).toBe('cut')

    const next = await again(node, environment)
    const blocks = async () => (await inspect<{ n: string }>(database.superuser, 'SELECT count(*) AS n FROM vault.block'))[0]?.n
    expect(Number(await blocks())).toBeGreaterThanOrEqual(acknowledged)
    expect(Number(await blocks())).toBeLessThan(count)
    expect(await fault(next)).toEqual([])
    // An import whose process died is taken for dead half a minute later; a new plan need not wait.
    const fresh = await planImport(next, 'many')
    const sent = await fetch(`${next.origin}/v1/vault/imports/${fresh}/records`, {
      method: 'POST',
      headers: { authorization: `Bearer ${next.credential.key}` },
      body: Readable.toWeb(manyRows(count)) as ReadableStream,
      duplex: 'half',
    } as RequestInit)
    const totals = (await sent.json()) as { imported: number; repeated: number }
    expect(totals.imported + totals.repeated).toBe(count)
    expect(totals.repeated).toBeGreaterThanOrEqual(acknowledged)
    expect(Number(await blocks())).toBe(count)
    expect(await fault(next)).toEqual([])
  })

  it('during redemptions lets no token be used twice and loses no entry', async () => {
    const database = await shared()
    const environment = { DATABASE_URL: database.url }
    const node = await started({ environment })
    const scene = await arrange(node)
    const grants = await Promise.all(Array.from({ length: 60 }, async () => (await authorize(node, scene.partner, 'C1')).body))
    const first = grants.map(({ token }) => settled(redeem(node, token)))
    await Promise.race(first)
    await node.kill()
    const before = await Promise.all(first)
    expect(before).toContain('cut')

    const next = await again(node, environment)
    const second = await Promise.all(grants.map(({ token }) => settled(redeem(next, token))))
    grants.forEach((_, index) => {
      if (before[index] === 200) expect(second[index]).toBe(403)
    })
    const permits = await entries(next.operator, { type: 'release.redeem', decision: 'permit' })
    const spent = await inspect<{ id: string }>(database.superuser, `SELECT id FROM release.grant WHERE state <> 'issued'`)
    expect(permits.map(({ body }) => (body.object as { id: string }).id).sort()).toEqual(spent.map(({ id }) => id).sort())
    expect(spent).toHaveLength(60)
    expect(await fault(next)).toEqual([])
  })

  it('in the middle of a look through a source leaves the catalogue as it was; the look is told as broken off, and another finds all', async () => {
    const [database, hospital] = [await shared(), await shared()]
    const environment = { DATABASE_URL: database.url, GATEHOUSE_EGRESS_ALLOW: hospital.connection.host }
    await inspect(hospital.connection, 'CREATE TABLE admissions (id int); CREATE TABLE patients (id int, born date)')
    // Whoever looks waits at the second table, for its lock.
    const holder = new pg.Client(hospital.connection)
    await holder.connect()
    cleanups.push(() => holder.end())
    await holder.query('BEGIN; LOCK TABLE patients')
    const node = await started({ environment })
    const { host, port, database: name, user } = hospital.connection
    const settings = { host, port, database: name, tls: 'off' }
    const body = { slug: 'hospital', kind: 'postgresql', title: 'Hospital', settings, secret: { user, password: '' } }
    const source = must(await node.operator.POST('/v1/data-sources', { body })).id
    const at = { params: { path: { source } } }
    const look = async (of: NodeProcess) => must(await of.operator.GET('/v1/data-sources/{source}/look', at)).look
    const tables = async (of: NodeProcess) =>
      must(await of.operator.GET('/v1/tables', { params: { query: { source } } })).data.map(({ reference }) => reference)
    must(await node.operator.POST('/v1/data-sources/{source}/discover', at))
    await expect.poll(() => look(node), { timeout: patientMs }).toMatchObject({ state: 'looking', step: 'columns', tables: 1, of_tables: 2 })
    await node.kill()

    const next = await again(node, environment)
    // As if the time had passed after which whoever is silent is dead.
    await inspect(database.superuser, "UPDATE catalog.look SET beat_at = beat_at - interval '1 minute'")
    await expect.poll(() => look(next), { timeout: patientMs }).toMatchObject({ state: 'broken_off', found: null })
    expect(await tables(next)).toEqual([])
    await holder.query('ROLLBACK')
    must(await next.operator.POST('/v1/data-sources/{source}/discover', at))
    await expect.poll(() => look(next), { timeout: patientMs }).toMatchObject({ state: 'done', found: { tables: 2 } })
    expect(await tables(next)).toEqual(['hospital.admissions', 'hospital.patients'])
    expect(await fault(next)).toEqual([])
  })

  it('while entries are being placed leaves a log without gap and without a second checkpoint of one size', async () => {
    const database = await shared()
    const environment = { DATABASE_URL: database.url }
    let node = await started({ environment })
    const scene = await arrange(node)
    for (let round = 0; round < 3; round++) {
      const asked = Array.from({ length: 80 }, () => settled(authorize(node, scene.partner, 'C1')))
      await Promise.race(asked)
      await node.kill()
      await Promise.all(asked)
      node = await again(node, environment)
    }
    expect(await fault(node)).toEqual([])
    const [log] = await inspect<{ gaps: number; doubles: number }>(
      database.superuser,
      `SELECT (SELECT count(*)::int FROM (SELECT max(index) + 1 - count(*) AS gap FROM ledger.position GROUP BY tenant_id) g WHERE gap <> 0) AS gaps,
        (SELECT count(*)::int FROM (SELECT FROM ledger.checkpoint GROUP BY tenant_id, size HAVING count(*) > 1) d) AS doubles`,
    )
    expect(log).toEqual({ gaps: 0, doubles: 0 })
  })
})

describe('a database that goes away', () => {
  it('is answered with 503 and nothing released, and works again when it is back, without a restart of the node', async () => {
    const instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-database-'))
    cleanups.push(() => rm(instanceDir, { recursive: true, force: true }))
    let cluster = await startCluster({ instanceDir, durable: false, searchPath: process.env.PATH })
    cleanups.push(() => cluster.stop())
    const node = await started({ environment: { DATABASE_URL: urlOf(cluster.connection) } })
    const scene = await arrange(node)
    const granted = (await authorize(node, scene.partner, 'C1')).body

    await cluster.stop()
    const refused = await redeem(node, granted.token)
    expect(refused).toMatchObject({ status: 503, body: { type: '/problems/door/unavailable' } })
    expect((await authorize(node, scene.partner, 'C1')).status).toBe(503)
    expect((await fetch(`${node.origin}/ready`)).status).toBe(503)
    expect((await fetch(`${node.origin}/health`)).status).toBe(200)

    cluster = await startCluster({ instanceDir, durable: false, searchPath: process.env.PATH })
    await until(async () => (await fetch(`${node.origin}/ready`)).status === 200, 20_000)
    expect((await redeem(node, granted.token)).status).toBe(200)
    expect((await redeem(node, granted.token)).status).toBe(403)
    expect(await fault(node)).toEqual([])
  })

  it('takes the node with it where it is the node’s own', async () => {
    const node = await started()
    const pid = Number(readFileSync(join(node.home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    await until(() => node.process.exitCode !== null, 20_000, node.output)
    expect(node.process.exitCode).toBe(1)
    const next = await again(node, {})
    expect((await fetch(`${next.origin}/ready`)).status).toBe(200)
  })
})

describe('a transaction that stays open beside the sequencer', () => {
  it('has its entry placed once it commits, and holds up nobody', async () => {
    const database = await shared()
    const node = await started({ environment: { DATABASE_URL: database.url } })
    await importPeople(node)
    const [tenant] = await inspect<{ id: string }>(database.superuser, `SELECT tenant_id AS id FROM vault.block LIMIT 1`)
    const slow = new pg.Client(database.superuser)
    await slow.connect()
    const id = '01900000-0000-7000-8000-00000000a1a1'
    try {
      await slow.query('BEGIN')
      const body = JSON.stringify({
        actor: { id: 'test', kind: 'system' },
        at: '2026-01-01T00:00:00.000Z',
        id,
        stream: 'audit',
        tenant: tenant?.id,
        type: 'probe.slow',
        v: 1,
      })
      await slow.query(
        `INSERT INTO ledger.entry (tenant_id, id, type, at, actor_kind, actor_id, body) VALUES ($1, $2, 'probe.slow', '2026-01-01T00:00:00Z', 'system', 'test', $3)`,
        [tenant?.id, id, Buffer.from(body)],
      )
      await slow.query('INSERT INTO ledger.pending (tenant_id, entry_id) VALUES ($1, $2)', [tenant?.id, id])
      const end = performance.now() + 5_000
      while (performance.now() < end) {
        await node.operator.POST('/v1/vault/verify', { body: {} })
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      await until(async () => (await entries(node.operator, {})).filter((entry) => entry.integrated).length > 10)
      await slow.query('COMMIT')
    } finally {
      await slow.end()
    }
    await until(async () => (await entries(node.operator, { type: 'probe.slow' }))[0]?.integrated === true)
    expect(await fault(node)).toEqual([])
  })
})

describe('starting and stopping', () => {
  it('refuses a second node in the same home, and a database whose root key is missing', async () => {
    const database = await shared()
    const environment = { DATABASE_URL: database.url }
    const node = await started({ environment })
    await expect(startNode({ home: node.home, environment })).rejects.toThrow(/Another node \(process \d+\) runs in/)
    expect((await fetch(`${node.origin}/ready`)).status).toBe(200)
    await node.stop()
    await rm(join(node.home, 'keys/root.key'))
    await expect(startNode({ home: node.home, environment })).rejects.toThrow(
      /the root key file \S+ is missing, but this database was sealed with one\. Put the file back/,
    )
    await writeFile(join(node.home, 'keys/root.key'), `${'0'.repeat(64)}\n`, { mode: 0o600 })
    await expect(startNode({ home: node.home, environment })).rejects.toThrow(/the root key does not open the key of epoch 1/)
  })

  it('ends with status 0 soon after Ctrl-C, its PostgreSQL with it, even while somebody follows the log; and starts again in seconds', async () => {
    const node = await started()
    const pid = Number(readFileSync(join(node.home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
    const following = fetch(`${node.origin}/v1/logs/stream`, { headers: { authorization: `Bearer ${node.credential.key}` } })
    expect((await following).status).toBe(200)
    const begun = performance.now()
    expect(await node.stop()).toBe(0)
    expect(performance.now() - begun).toBeLessThan(patientMs)
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
    const restarted = performance.now()
    const next = await again(node, {})
    expect(/up after ([\d.]+) s/.exec(next.output())?.[1]).toBeDefined()
    expect(performance.now() - restarted).toBeLessThan(patientMs)
  }, 180_000)
})

const smallDisk = process.platform === 'linux' && process.getuid?.() === 0 && mountable()

describe.skipIf(!smallDisk)(smallDisk ? 'a full disk' : 'a full disk (skipped: a small file system can only be mounted by root on Linux)', () => {
  it('is answered with a problem and leaves nothing half done; with space again the node goes on', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'gatehouse-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=711', 'tmpfs', disk])
    cleanups.push(async () => {
      execFileSync('umount', ['-l', disk])
      await rm(disk, { recursive: true, force: true })
    })
    let cluster = await startCluster({ instanceDir: disk, durable: true, searchPath: process.env.PATH })
    cleanups.push(() => cluster.stop())
    const node = await started({ environment: { DATABASE_URL: urlOf(cluster.connection) } })
    const scene: Scenario = await arrange(node)
    const importId = await planImport(node, 'many')
    const filler = join(disk, 'filler')
    fill(filler)
    const answers = await Promise.all([
      settled(
        fetch(`${node.origin}/v1/vault/imports/${importId}/records`, {
          method: 'POST',
          headers: { authorization: `Bearer ${node.credential.key}` },
          body: Readable.toWeb(manyRows(5_000)) as ReadableStream,
          duplex: 'half',
        } as RequestInit),
      ),
      ...Array.from({ length: 20 }, () => settled(authorize(node, scene.partner, 'C1'))),
    ])
    for (const status of answers) expect([200, 503]).toContain(status)
    expect(answers.some((status) => status === 503)).toBe(true)
    await rm(filler)
    // A server whose write-ahead log found no room ends itself; an operator starts it again.
    if (!(await fetch(`${node.origin}/ready`)).ok) {
      await cluster.stop()
      cluster = await startCluster({ instanceDir: disk, durable: true, searchPath: process.env.PATH })
    }
    await until(async () => (await fetch(`${node.origin}/ready`)).status === 200, 20_000)
    const grants = await inspect({ ...cluster.superuser, database: cluster.connection.database }, 'SELECT FROM release.grant')
    expect(grants).toHaveLength(answers.slice(1).filter((status) => status === 200).length)
    const granted = (await authorize(node, scene.partner, 'C1')).body
    expect((await redeem(node, granted.token)).status).toBe(200)
    expect(await fault(node)).toEqual([])
  })
})

function mountable(): boolean {
  const place = join(tmpdir(), `gatehouse-mount-${process.pid}`)
  try {
    execFileSync('mkdir', ['-p', place])
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' })
    execFileSync('umount', [place])
    return true
  } catch {
    return false
  } finally {
    execFileSync('rmdir', [place])
  }
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=64k'], { stdio: 'ignore' })
  } catch {
    // dd ends with an error when the disk is full, which is what was wanted.
  }
}
