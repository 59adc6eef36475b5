import type { Id } from '@gatehouse/core/id'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openPool, queryBuilder, type Tx } from './db.ts'
import { migrate } from './migrate.ts'
import { type TestDatabase, testDatabase } from './testing/database.ts'

const tenantA = '01980000-0000-7000-8000-00000000000a' as Id<'tenant'>
const tenantB = '01980000-0000-7000-8000-00000000000b' as Id<'tenant'>

let raw: TestDatabase
let database: Database
const lost: Error[] = []

beforeAll(async () => {
  raw = await testDatabase()
  database = openPool({ connection: raw.connection, poolSize: 4, onError: (error) => lost.push(error) })
  await migrate(database, [])
  await database.connection((client) =>
    client.query(`CREATE SCHEMA note;
      CREATE TABLE note.note (tenant_id uuid NOT NULL, id int NOT NULL, big bigint, at timestamptz, PRIMARY KEY (tenant_id, id));
      CALL gatehouse.protect(ARRAY['note.note'])`),
  )
})
afterAll(async () => {
  await database.close()
  await raw.drop()
})
beforeEach(async () => {
  await database.transaction('node', (tx) => tx.query('DELETE FROM note.note'))
  await write(tenantA, 1)
  await write(tenantB, 2)
})

const insert = 'INSERT INTO note.note (tenant_id, id) VALUES ($1, $2)'
const write = (tenant: Id<'tenant'>, id: number) => database.transaction(tenant, (tx) => tx.query(insert, [tenant, id]))
/** Every row that the transaction can see, without naming a tenant: what row-level security alone lets through. */
const seen = async (tx: Tx) => (await tx.query<{ id: number }>('SELECT id FROM note.note ORDER BY id')).map(({ id }) => id)

describe('a tenant', () => {
  it('sees nothing of another, and cannot write, change or delete there', async () => {
    expect(await database.transaction(tenantA, seen)).toEqual([1])
    await expect(database.transaction(tenantA, (tx) => tx.query(insert, [tenantB, 3]))).rejects.toThrow(/row-level security/)
    expect(await database.transaction(tenantA, (tx) => tx.change('UPDATE note.note SET big = 1 WHERE id = 2'))).toBe(0)
    expect(await database.transaction(tenantA, (tx) => tx.change('DELETE FROM note.note WHERE id = 2'))).toBe(0)
    await expect(database.transaction(tenantA, (tx) => tx.query('UPDATE note.note SET tenant_id = $1', [tenantB]))).rejects.toThrow(/row-level security/)
    expect(await database.transaction('node', seen)).toEqual([1, 2])
  })

  it('is not left behind on the connection for whoever comes next', async () => {
    await database.transaction(tenantA, seen)
    expect(await database.connection(async (client) => (await client.query('SELECT id FROM note.note')).rows)).toEqual([])
  })

  it('cannot be left for another, nor for the node', async () => {
    await expect(database.transaction(tenantA, (tx) => tx.narrow(tenantB))).rejects.toThrow(TypeError)
  })

  it.each(['', 'nobody', "node'; --", `${tenantA}' OR '1'='1`])('must be an id: %j', async (text) => {
    await expect(database.transaction(text as Id<'tenant'>, seen)).rejects.toThrow('needs a tenant id')
  })
})

describe('the scope of the node', () => {
  it('narrows to one tenant, and there is no way back', async () => {
    await database.transaction('node', async (tx) => {
      expect(await seen(tx)).toEqual([1, 2])
      await tx.narrow(tenantB)
      expect(tx.tenant).toBe(tenantB)
      expect(await seen(tx)).toEqual([2])
      await expect(tx.narrow(tenantA)).rejects.toThrow(TypeError)
    })
  })

  it('narrows only to an id', async () => {
    await expect(database.transaction('node', (tx) => tx.narrow('node' as Id<'tenant'>))).rejects.toThrow(TypeError)
  })
})

describe('a transaction', () => {
  it('of which one pipelined statement fails leaves nothing', async () => {
    const act = database.transaction(tenantA, (tx) =>
      Promise.all([tx.query(insert, [tenantA, 10]), tx.query(insert, [tenantA, 1]), tx.query(insert, [tenantA, 11])]),
    )
    await expect(act).rejects.toMatchObject({ code: '23505' })
    expect(await database.transaction(tenantA, seen)).toEqual([1])
  })

  it('does not claim to have committed when nobody looked at a failed statement', async () => {
    const act = database.transaction(tenantA, async (tx) => {
      await tx.query(insert, [tenantA, 10])
      tx.query(insert, [tenantA, 1]).catch(() => {})
    })
    await expect(act).rejects.toThrow('failed unseen')
    expect(await database.transaction(tenantA, seen)).toEqual([1])
  })

  it('rolls back when its act throws, and its connection works on', async () => {
    for (let round = 0; round < 6; round++) {
      const act = database.transaction(tenantA, async (tx) => {
        await tx.query(insert, [tenantA, 10])
        throw new Error('changed my mind')
      })
      await expect(act).rejects.toThrow('changed my mind')
    }
    expect(await database.transaction(tenantA, seen)).toEqual([1])
  })

  it('takes no statement after its end, which would land in the next tenant’s transaction', async () => {
    let kept: Tx | undefined
    await database.transaction(tenantA, async (tx) => {
      kept = tx
    })
    await expect(kept?.query(insert, [tenantA, 10])).rejects.toThrow('the transaction has ended')
    let late: Promise<unknown> = Promise.resolve()
    const act = database.transaction(tenantA, async (tx) => {
      late = tx.query('SELECT pg_sleep(0.02)').then(() => tx.query(insert, [tenantA, 11]))
      late.catch(() => {})
      throw new Error('one of two failed')
    })
    await expect(act).rejects.toThrow('one of two failed')
    await expect(late).rejects.toThrow('the transaction has ended')
    expect(await database.transaction(tenantA, seen)).toEqual([1])
  })

  it('runs what a query builder compiled, and counts the rows it touched', async () => {
    const query = queryBuilder<{ 'note.note': { id: number } }>().selectFrom('note.note').select('id').where('id', '>', 0)
    expect(await database.transaction(tenantA, (tx) => tx.run(query.compile()))).toEqual([{ id: 1 }])
    expect(await database.transaction('node', (tx) => tx.change('UPDATE note.note SET big = 1'))).toBe(2)
  })
})

describe('values', () => {
  const one = async <T>(sql: string) => (await database.transaction(tenantA, (tx) => tx.query<{ v: T }>(`SELECT ${sql} AS v`)))[0]?.v

  it('a bigint is a number, and one that a number cannot hold fails loudly', async () => {
    expect(await one('9007199254740991::bigint')).toBe(2 ** 53 - 1)
    await expect(one('9007199254740992::bigint')).rejects.toThrow(RangeError)
  })

  it('a time is text in UTC with milliseconds', async () => {
    expect(await one("'2026-11-22T10:00:00.123+02'::timestamptz")).toBe('2026-11-22T08:00:00.123Z')
  })
})

describe('a connection that the server ends', () => {
  const endAll = () =>
    database.connection(async (client) => {
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'gatehouse'",
      )
    })
  /** Pipelined connections that end on the next use are told apart from those known to be lost. */
  async function recovered(): Promise<number[]> {
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        return await database.transaction(tenantA, seen)
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    throw new Error('the pool did not recover')
  }

  it('while idle costs nothing but a new connection', async () => {
    await Promise.all([1, 2, 3].map(() => database.transaction(tenantA, (tx) => tx.query('SELECT pg_sleep(0.02)'))))
    await endAll()
    expect(await recovered()).toEqual([1])
    expect(await database.alive()).toBe(true)
  })

  it('in the middle of a transaction fails that one, and neither the process nor the next', async () => {
    const act = database.transaction(tenantA, async (tx) => {
      await tx.query(insert, [tenantA, 10])
      await endAll()
      // Nothing is under way on the connection when the news of its end arrives.
      await new Promise((resolve) => setTimeout(resolve, 50))
      await tx.query(insert, [tenantA, 11])
    })
    await expect(act).rejects.toThrow()
    expect(await recovered()).toEqual([1])
  })

  it('in the middle of a statement likewise', async () => {
    const act = database.transaction(tenantA, (tx) => tx.query('SELECT pg_sleep(20)'))
    const failed = expect(act).rejects.toMatchObject({ code: '57P01' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    await endAll()
    await failed
    expect(await recovered()).toEqual([1])
  })
})

it('a database that is not there is not alive', async () => {
  const nowhere = openPool({ connection: { ...raw.connection, host: '/nonexistent' }, poolSize: 2 })
  expect(await nowhere.alive()).toBe(false)
  await nowhere.close()
})
