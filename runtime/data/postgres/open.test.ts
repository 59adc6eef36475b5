import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type OpenedDatabase, openDatabase } from './open.ts'

let instanceDir: string
let opened: OpenedDatabase[]

beforeEach(async () => {
  instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-pg-'))
  opened = []
})

afterEach(async () => {
  for (const database of opened) await database.stop()
  await rm(instanceDir, { recursive: true, force: true })
})

// `durable` only changes what a power cut may lose; a killed process loses nothing either way, and initdb is faster.
async function open(more: { onLost?: (reason: string) => void } = {}): Promise<OpenedDatabase> {
  const database = await openDatabase({ instanceDir, durable: false, ...more })
  opened.push(database)
  return database
}

async function query<T extends pg.QueryResultRow>(connection: pg.ClientConfig, ...statements: string[]): Promise<T[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    let rows: T[] = []
    for (const statement of statements) rows = (await client.query<T>(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

const pidFile = () => join(instanceDir, 'postgres', 'data', 'postmaster.pid')
const serverPid = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0])

describe('what a stranger or a mistake cannot do', () => {
  it('uses DATABASE_URL as it is and starts nothing', async () => {
    const database = await openDatabase({ instanceDir, databaseUrl: 'postgres://somewhere/else' })
    expect(database).toMatchObject({ kind: 'external', connection: { connectionString: 'postgres://somewhere/else' } })
    expect(database.superuser).toBeUndefined()
    expect(await readdir(instanceDir)).toEqual([])
  })

  it('refuses data that another version wrote, and says which', async () => {
    await (await open()).stop()
    await writeFile(join(instanceDir, 'postgres', 'data', 'PG_VERSION'), '12\n')
    await expect(open()).rejects.toThrow(/written by PostgreSQL 12, but the programs in .* are version 17/)
  })

  it('gives the node a role without power, in a database closed to others', async () => {
    const { connection } = await open()
    const roles = await query(connection, 'select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user')
    expect(roles).toEqual([{ rolname: 'gatehouse', rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false }])
    const [addresses] = await query<{ listen_addresses: string }>(connection, 'show listen_addresses')
    expect(addresses?.listen_addresses).toBe('')
    if (!('host' in connection)) throw new Error('an embedded database is reached by its socket')
    expect((await stat(connection.host)).mode & 0o777).toBe(0o700)
    await expect(query({ ...connection, user: 'nobody' })).rejects.toThrow(/[Pp]eer authentication failed/)
  })

  it('writes no value of any statement into the log', async () => {
    const { connection } = await open()
    await query(connection, 'create table person (name text primary key)', "insert into person values ('Eve Sample')")
    await expect(query(connection, "insert into person values ('Eve Sample')")).rejects.toThrow(/duplicate key/)
    await expect(query(connection, "select 'Eve Sample'::integer")).rejects.toThrow(/invalid input syntax/)
    const logDir = join(instanceDir, 'postgres', 'log')
    const texts = await Promise.all((await readdir(logDir)).map((name) => readFile(join(logDir, name), 'utf8')))
    expect(texts.join()).toContain('ready to accept connections')
    expect(texts.join()).not.toContain('Eve')
  })
})

describe('starting again', () => {
  const keep = ['create table kept (n int)', 'insert into kept values (42)']

  it('keeps what was committed over a stop and a second start', async () => {
    const first = await open()
    await query(first.connection, ...keep)
    await first.stop()
    await expect(stat(pidFile())).rejects.toThrow(/ENOENT/)
    const second = await open()
    expect(await query(second.connection, 'select n from kept')).toEqual([{ n: 42 }])
  })

  it('recovers after the server was killed, and tells the node that it died', async () => {
    const lost = new Promise<string>((resolve) => {
      open({ onLost: resolve }).then(async ({ connection }) => {
        await query(connection, ...keep)
        process.kill(await serverPid(), 'SIGKILL')
      })
    })
    expect(await lost).toMatch(/SIGKILL/)
    const second = await open()
    expect(await query(second.connection, 'select n from kept')).toEqual([{ n: 42 }])
  })

  it('copes with the server that a killed node left running', async () => {
    const script = `
      import { openDatabase } from ${JSON.stringify(fileURLToPath(new URL('./open.ts', import.meta.url)))}
      await openDatabase({ instanceDir: ${JSON.stringify(instanceDir)}, durable: false })
      console.log('started')
      setInterval(() => undefined, 1000)`
    const node = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(node.stdout, 'data')
    node.kill('SIGKILL')
    await once(node, 'exit')
    const left = await serverPid()
    expect(() => process.kill(left, 0)).not.toThrow()
    const startedAt = Date.now()
    const second = await open()
    expect(Date.now() - startedAt).toBeLessThan(5000)
    expect(await serverPid()).not.toBe(left)
    expect(await query(second.connection, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('ignores a process number that went to another program', async () => {
    const first = await open()
    const file = await readFile(pidFile(), 'utf8')
    await first.stop()
    await writeFile(pidFile(), file.replace(/^\d+/, String(process.pid)))
    const second = await open()
    expect(await query(second.connection, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('begins anew when the first run was cut off while it made the data', async () => {
    const half = join(instanceDir, 'postgres', 'data.new')
    await (await open()).stop()
    await rm(join(instanceDir, 'postgres', 'data'), { recursive: true })
    await writeFile(half, 'cut off')
    const second = await open()
    expect(await query(second.connection, 'select current_database() as name')).toEqual([{ name: 'gatehouse' }])
  })
})
