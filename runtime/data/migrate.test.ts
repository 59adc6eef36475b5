import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openPool } from './db.ts'
import { MigrationError, type MigrationSet, migrate } from './migrate.ts'
import { type TestDatabase, testDatabase } from './testing/database.ts'

let raw: TestDatabase
let database: Database
let set: MigrationSet

beforeEach(async () => {
  raw = await testDatabase()
  database = openPool({ connection: raw.connection, poolSize: 3 })
  set = { module: 'note', directory: await mkdtemp(join(tmpdir(), 'gatehouse-migrations-')) }
})
afterEach(async () => {
  await database.close()
  await raw.drop()
})

const file = (name: string, sql: string) => writeFile(join(set.directory, name), sql)
const tables = async () =>
  (await database.pool.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'note' ORDER BY 1")).rows.map(
    ({ table_name }) => table_name,
  )

describe('a migration', () => {
  it('that was changed after it was applied is refused, and what follows it stays out', async () => {
    await file('0001-create.sql', 'CREATE SCHEMA note; CREATE TABLE note.a ()')
    await migrate(database, [set])
    await file('0001-create.sql', 'CREATE SCHEMA note; CREATE TABLE note.a (n int)')
    await file('0002-more.sql', 'CREATE TABLE note.b ()')
    await expect(migrate(database, [set])).rejects.toThrow(
      new MigrationError('migration note/0001-create.sql was changed after it was applied; add a new file instead'),
    )
    expect(await tables()).toEqual(['a'])
  })

  it('that fails is named with its line and leaves nothing of itself; those before it stay', async () => {
    await file('0001-create.sql', 'CREATE SCHEMA note')
    await file('0002-broken.sql', 'CREATE TABLE note.a ();\n\nCREATE TABLE note.b (n nonsense);')
    await expect(migrate(database, [set])).rejects.toThrow('migration note/0002-broken.sql failed at line 3: type "nonsense" does not exist')
    expect(await tables()).toEqual([])
    await file('0002-broken.sql', 'CREATE TABLE note.b (n int)')
    expect(await migrate(database, [set])).toBe(1)
    expect(await tables()).toEqual(['b'])
  })

  it('is applied once, in the order of the names, and other files are left alone', async () => {
    await file('0002-second.sql', 'CREATE TABLE note.b ()')
    await file('0001-create.sql', 'CREATE SCHEMA note')
    await file('README.md', 'not SQL')
    const applied: string[] = []
    expect(await migrate(database, [set], (name) => applied.push(name))).toBe(2)
    expect(applied).toEqual(['note/0001-create', 'note/0002-second'])
    expect(await migrate(database, [set])).toBe(0)
  })

  it('is applied once by two processes that start together', async () => {
    const other = openPool({ connection: raw.connection, poolSize: 2 })
    await file('0001-create.sql', 'CREATE SCHEMA note; CREATE TABLE note.a (); SELECT pg_sleep(0.1)')
    try {
      expect((await Promise.all([migrate(database, [set]), migrate(other, [set])])).sort()).toEqual([0, 1])
    } finally {
      await other.close()
    }
  })

  it('may take longer than a statement of an act may', async () => {
    await file('0001-create.sql', "CREATE SCHEMA note; CREATE TABLE note.a (setting text); INSERT INTO note.a VALUES (current_setting('statement_timeout'))")
    await migrate(database, [set])
    expect((await database.pool.query('SELECT setting FROM note.a')).rows).toEqual([{ setting: '0' }])
    expect((await database.pool.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '1min' }])
  })
})
