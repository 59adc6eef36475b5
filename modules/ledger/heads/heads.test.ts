import { randomBytes } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { toHex } from '@gatehouse/crypto/bytes'
import { type Database, openPool } from '@gatehouse/runtime/data/db'
import { type HeadStore, HeadStoreError } from '@gatehouse/runtime/data/heads/head-store'
import { testCluster } from '@gatehouse/runtime/data/testing/database'
import type { Node } from '@gatehouse/runtime/door/node'
import { parseCheckpoint } from '@gatehouse/transparency/checkpoint'
import { noteText } from '@gatehouse/transparency/note'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpoint } from '../checkpoint.ts'
import { entryOf } from '../entry.ts'
import { logOrigin } from '../key.ts'
import { headsLookMs } from '../schema.ts'
import { sequence, sequencer } from '../sequencer.ts'
import { integratedEntries, sequencedEntries } from '../store.ts'
import { type LedgerNode, ledgerNode } from '../testing/ledger-node.ts'
import { verifyLog } from '../verify-log.ts'
import { adopt } from './adopt.ts'
import { headName } from './claim.ts'
import { readHalt } from './store.ts'
import { succeed } from './succeed.ts'

let t: LedgerNode
beforeEach(async () => {
  t = await ledgerNode()
})
afterEach(() => t.close())

const halt = (database: Database = t.database) => database.transaction(t.tenant, readHalt)
const notes = async (database: Database = t.database) =>
  (await database.transaction(t.tenant, (tx) => tx.query<{ note: string }>('SELECT note FROM ledger.checkpoint ORDER BY size'))).map(({ note }) => note)
const signed = (note: string) => parseCheckpoint(noteText(note)!)!
const newest = async () => signed((await notes()).at(-1)!)
const places = (database: Database = t.database) => database.transaction(t.tenant, (tx) => sequencedEntries(tx, t.tenant, 0, 10_000))
const stored = async (generation = 1) => Buffer.from((await t.door.node.heads.read(headName(t.tenant, generation)))?.value ?? []).toString()

/** Everything the ledger keeps, put aside and back: what a backup of the database does. */
async function backup(): Promise<{ restore(): Promise<void> }> {
  const tables = ['entry', 'pending', 'position', 'tile', 'checkpoint', 'head', 'prepared', 'halt', 'succession']
  const run = async (statements: string[]) => {
    const client = new pg.Client({ ...testCluster().superuser, database: String(t.database.pool.options.database) })
    await client.connect()
    try {
      for (const statement of ['SET session_replication_role = replica', ...statements]) await client.query(statement)
    } finally {
      await client.end()
    }
  }
  const schema = `backup_${randomBytes(4).toString('hex')}`
  await run([`CREATE SCHEMA ${schema}`, ...tables.map((table) => `CREATE TABLE ${schema}.${table} AS TABLE ledger.${table}`)])
  return { restore: () => run(tables.flatMap((table) => [`DELETE FROM ledger.${table}`, `INSERT INTO ledger.${table} TABLE ${schema}.${table}`])) }
}

/** The same database once more, as a clone of its disk would be. */
async function copy(): Promise<{ database: Database; node: Node; close(): Promise<void> }> {
  const source = String(t.database.pool.options.database)
  const name = `copy_${randomBytes(6).toString('hex')}`
  const client = new pg.Client(testCluster().superuser)
  await client.connect()
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [source])
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${source} OWNER ${testCluster().connection.user}`)
  const database = openPool({ connection: { ...testCluster().connection, database: name }, poolSize: 4 })
  return {
    database,
    node: { ...t.door.node, database },
    async close() {
      await database.close()
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await client.end()
    },
  }
}

describe('a log signs nothing', () => {
  it('when its database was put back from a backup, however often it is asked, and says so', async () => {
    await t.fill(3)
    await t.sequence()
    const old = await backup()
    await t.fill(4)
    await t.sequence()
    const lost = await newest()
    await old.restore()
    expect(await places()).toHaveLength(3)
    await sequencer.run(t.door.node)
    expect(await halt()).toMatchObject({ reason: 'behind', size: 3, stored_size: 7 })
    await t.fill(2)
    // The node's own log goes on: it says of this one what it knew.
    for (let turn = 0; turn < 3; turn++) await t.sequence()
    expect(await places()).toHaveLength(3)
    expect((await notes()).map((note) => signed(note).size)).toEqual([3])
    expect(await stored()).toContain('\n7\n')
    expect(lost.size).toBe(7)
    expect(t.logLines.filter((line) => line.includes('signs nothing'))).toHaveLength(1)
    expect(await t.door.node.metrics.registry.metrics()).toMatch(/gatehouse_ledger_halted 1/)
  })

  it('when another sequencer on a copy of the database was first: one of the two goes on', async () => {
    await t.fill(5)
    await t.sequence()
    const other = await copy()
    try {
      await t.fill(3)
      await other.database.transaction(t.tenant, (tx) =>
        tx.query(
          `WITH e AS (INSERT INTO ledger.entry SELECT tenant_id, gen_random_uuid(), type, at, actor_kind, actor_id, decision, subject_id, partner_id, purpose, object_kind, object_id, body FROM ledger.entry LIMIT 2 RETURNING tenant_id, id)
           INSERT INTO ledger.pending SELECT tenant_id, id FROM e`,
        ),
      )
      const turns = (node: Node) => async () => {
        for (let turn = 0; turn < 4; turn++) await sequence(node)
      }
      await Promise.all([turns(t.door.node)(), turns(other.node)()])
      const all = [...(await notes()), ...(await notes(other.database))].map(signed)
      const roots = new Map<string, Set<string>>()
      for (const { origin, size, root } of all) roots.set(`${origin} ${size}`, (roots.get(`${origin} ${size}`) ?? new Set()).add(toHex(root)))
      expect([...roots.values()].filter((found) => found.size > 1)).toEqual([])
      const sizes = [(await places()).length, (await places(other.database)).length]
      // Both had five; one of them grew, and the other knows why it may not.
      expect(sizes.filter((size) => size > 5)).toHaveLength(1)
      expect([await halt(), await halt(other.database)].filter((found) => found?.reason === 'behind')).toHaveLength(1)
    } finally {
      await other.close()
    }
  })

  it('while the store of heads is away; acts go on, and so does the log once it is back', async () => {
    await t.fill(2)
    await t.sequence()
    const away: HeadStore = {
      ...t.door.node.heads,
      read: async () => {
        throw new HeadStoreError('away')
      },
    }
    await t.fill(3)
    expect(await sequence({ ...t.door.node, heads: away })).toMatchObject({ integrated: 0 })
    expect(await halt()).toMatchObject({ reason: 'unreachable', size: 2, stored_size: null })
    await t.fill(1)
    await t.sequence()
    await t.sequence()
    expect(await places()).toHaveLength(6)
    expect(await halt()).toBeUndefined()
    expect((await verifyLog(t.door.node, t.tenant)).fault).toBeUndefined()
  })

  it('when the store of heads no longer knows it, until somebody vouches for the database', async () => {
    await t.fill(2)
    await t.sequence()
    const emptied: HeadStore = { ...t.door.node.heads, read: async () => undefined }
    await t.fill(1)
    expect(await sequence({ ...t.door.node, heads: emptied })).toMatchObject({ integrated: 0 })
    expect(await halt()).toMatchObject({ reason: 'missing', size: 2 })
    await expect(t.door.enter(succeed, { stored_size: 2 }, t.admin)).rejects.toMatchObject({ kind: { type: '/problems/ledger/not-behind' } })
    await expect(t.door.enter(adopt, { size: 3 }, t.admin)).rejects.toMatchObject({ kind: { type: '/problems/ledger/not-missing' } })
    expect(await t.door.enter(adopt, { size: 2 }, t.admin)).toMatchObject({ outcome: 'done' })
    await expect(t.door.enter(adopt, { size: 2 }, t.admin)).rejects.toMatchObject({ kind: { status: 409 } })
    // The true store still has the head, so nothing is adopted that it contradicts.
    expect((await t.sequence()).integrated).toBeGreaterThan(0)
  })

  it('when its head was rewritten in the store by hand', async () => {
    await t.fill(2)
    await t.sequence()
    const { heads } = t.door.node
    const head = (await heads.read(headName(t.tenant, 1)))!
    await heads.compareAndSwap(headName(t.tenant, 1), head.version, Buffer.from(`${logOrigin(t.tenant)}\n2\n${Buffer.alloc(32).toString('base64')}\n`))
    t.clock.advance(headsLookMs)
    await sequencer.run(t.door.node)
    expect(await halt()).toMatchObject({ reason: 'behind', size: 2, stored_size: 2 })
  })
})

describe('a step of the log', () => {
  /** Fails at the given call of the store or the database, before or after it took effect: what a killed process leaves. */
  function failing(node: Node, failAt: number): { node: Node; calls(): number } {
    let call = 0
    const killed = () => new Error('killed')
    const around = async <T>(act: () => Promise<T>): Promise<T> => {
      if (++call === failAt) throw killed()
      const result = await act()
      if (++call === failAt) throw killed()
      return result
    }
    const { heads, database } = node
    return {
      calls: () => call,
      node: {
        ...node,
        heads: {
          ...heads,
          read: (name) => around(() => heads.read(name)),
          compareAndSwap: (name, expected, value) => around(() => heads.compareAndSwap(name, expected, value)),
        },
        database: { ...database, transaction: (tenant, act) => around(() => database.transaction(tenant, act)) },
      },
    }
  }

  it('may end anywhere, and goes on to the very same checkpoint with nothing lost, doubled or signed twice', async () => {
    let points = 0
    let size = 0
    for (let failAt = 1; ; failAt++) {
      const before = await t.fill(3)
      const dying = failing(t.door.node, failAt)
      await sequence(dying.node).catch(() => undefined)
      if (dying.calls() < failAt) break
      points++
      const claimed = await stored()
      // What comes meanwhile, even with an id that sorts first, must not change what was claimed.
      const late = await t.fill(2)
      await t.sequence()
      await t.sequence()
      size += 5
      const found = await places()
      expect(found.map(({ index }) => index)).toEqual(Array.from({ length: size }, (_, index) => index))
      expect(new Set(found.map(({ id }) => id)).size).toBe(size)
      expect(new Set(found.slice(-5).map(({ id }) => id))).toEqual(new Set([...before, ...late]))
      const all = (await notes()).map((note) => noteText(note))
      expect(new Set(all.map((text) => text?.split('\n')[1])).size).toBe(all.length)
      if (claimed !== '') expect(all).toContain(claimed)
    }
    expect(points).toBeGreaterThanOrEqual(8)
    await t.sequence()
    expect((await verifyLog(t.door.node, t.tenant)).fault).toBeUndefined()
  })
})

describe('a successor', () => {
  async function behind(): Promise<void> {
    await t.fill(3)
    await t.sequence()
    const old = await backup()
    await t.fill(4)
    await t.sequence()
    await old.restore()
    await t.fill(2)
    await t.sequence()
  }

  it('is not begun for a log that is in order, nor with a size that nobody looked up', async () => {
    await t.fill(1)
    await t.sequence()
    await expect(t.door.enter(succeed, { stored_size: 1 }, t.admin)).rejects.toMatchObject({ kind: { type: '/problems/ledger/not-behind' } })
    await behind()
    for (const stored_size of [3, 5, 8]) await expect(t.door.enter(succeed, { stored_size }, t.admin)).rejects.toMatchObject({ kind: { status: 409 } })
  })

  it('goes on under an origin of its own, and its first entry names the old checkpoint', async () => {
    await behind()
    const lost = parseCheckpoint(await stored())!
    const answer = await t.door.enter(succeed, { stored_size: 7 }, t.admin)
    const origin = `gatehouse/${t.tenant}/2`
    expect(answer).toMatchObject({ outcome: 'done', output: { origin, old_origin: logOrigin(t.tenant), old_size: 7, old_root: toHex(lost.root), size: 3 } })
    for (let turn = 0; turn < 3; turn++) await t.sequence()
    const [first] = (await t.database.transaction(t.tenant, (tx) => integratedEntries(tx, {}, 3, 4))).map(entryOf)
    expect(first?.body).toMatchObject({ type: 'ledger.succeed', details: { old_size: 7, old_root: toHex(lost.root), origin } })
    expect(await places()).toHaveLength(6)
    const all = (await notes()).map(signed)
    expect(all.map(({ origin, size }) => [origin, size])).toEqual([
      [logOrigin(t.tenant), 3],
      [origin, 4],
      [origin, 6],
    ])
    expect(await stored()).toContain('\n7\n')
    expect(await stored(2)).toContain('\n6\n')
    expect(await halt()).toBeUndefined()
    expect((await verifyLog(t.door.node, t.tenant)).fault).toBeUndefined()
    const shown = await t.door.enter(checkpoint, {}, t.admin)
    expect(shown).toMatchObject({ output: { size: 6, vkey: expect.stringMatching(new RegExp(`^${origin}\\+`)) } })
  })

  it('of a backup that is put back a second time takes the next origin, never one that was used', async () => {
    await t.fill(3)
    await t.sequence()
    const old = await backup()
    for (const [generation, size] of [
      [1, 4],
      [2, 5],
    ] as const) {
      await t.fill(size)
      await t.sequence()
      await old.restore()
      await t.fill(1)
      await t.sequence()
      const { stored_size } = (await halt())!
      const answer = await t.door.enter(succeed, { stored_size: stored_size! }, t.admin)
      expect(answer).toMatchObject({ output: { origin: `gatehouse/${t.tenant}/${generation + 1}` } })
      await t.sequence()
      await t.sequence()
    }
    const last: Id<'entry'>[] = (await places()).map(({ id }) => id)
    expect(new Set(last).size).toBe(last.length)
    expect((await verifyLog(t.door.node, t.tenant)).fault).toBeUndefined()
  })
})
