import pg from 'pg'
import { expect, it } from 'vitest'
import type { SocketConnection } from '../postgres/cluster.ts'
import { testDatabase } from './database.ts'

async function query(connection: SocketConnection, statement: string): Promise<unknown[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

it('migrates a named template once, and gives each test a database of its own', async () => {
  let runs = 0
  const migrate = async (connection: SocketConnection) => {
    runs += 1
    await query(connection, 'create table note (text text)')
  }
  const template = `test of testDatabase ${process.pid}`
  const [left, right] = await Promise.all([testDatabase(migrate, template), testDatabase(migrate, template)])
  await query(left.connection, "insert into note values ('left')")
  expect(await query(right.connection, 'select * from note')).toEqual([])
  expect(runs).toBe(1)
  await left.drop()
  await expect(query(left.connection, 'select 1')).rejects.toThrow(/does not exist/)
  await right.drop()
})

it('a template whose migration failed is not taken for a finished one', async () => {
  const template = `broken ${process.pid}`
  await expect(testDatabase(() => Promise.reject(new Error('migration 7 failed')), template)).rejects.toThrow('migration 7 failed')
  const mended = await testDatabase(async (connection) => void (await query(connection, 'create table made ()')), template)
  expect(await query(mended.connection, 'select * from made')).toEqual([])
  await mended.drop()
})

it('row-level security binds the ordinary role, which owns the tables, and not the superuser', async () => {
  const database = await testDatabase(async (connection) => {
    await query(
      connection,
      'create table secret (n int); insert into secret values (1); alter table secret enable row level security, force row level security',
    )
  })
  expect(await query(database.connection, 'select * from secret')).toEqual([])
  expect(await query(database.superuser, 'select * from secret')).toEqual([{ n: 1 }])
  await database.drop()
})
