import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import type { SocketConnection } from '../postgres/cluster.ts'

/** The cluster of this test run, put into the environment by `test/setup.ts`. */
export interface TestCluster {
  readonly connection: SocketConnection
  readonly superuser: SocketConnection
}

export interface TestDatabase {
  /** The ordinary role: row-level security applies, as in a node. */
  readonly connection: SocketConnection
  /** For arranging and inspecting what the ordinary role may not see. */
  readonly superuser: SocketConnection
  drop(): Promise<void>
}

export function testCluster(): TestCluster {
  const text = process.env.GATEHOUSE_TEST_PG
  if (!text) throw new Error('No test cluster: run the tests through vitest, whose globalSetup (test/setup.ts) starts one.')
  return JSON.parse(text) as TestCluster
}

/**
 * A fresh database, owned by the ordinary role. `migrate` runs in it and must close what it opens. With a `template` name the
 * migrated state is made once per run, by whichever worker comes first, and every further database is a copy (60-80 ms).
 */
export async function testDatabase(migrate?: (connection: SocketConnection) => Promise<void>, template?: string): Promise<TestDatabase> {
  const { connection, superuser } = testCluster()
  const name = `test_${randomBytes(8).toString('hex')}`
  await asSuperuser(async (client) => {
    const source = migrate && template ? await ensureTemplate(client, template, (database) => migrate({ ...connection, database })) : 'template0'
    await client.query(`create database ${name} owner ${connection.user} template ${source}`)
  })
  const own = { ...connection, database: name }
  if (migrate && !template) await migrate(own)
  return {
    connection: own,
    superuser: { ...superuser, database: name },
    drop: () => asSuperuser(async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  }
}

/** One worker at a time, under a lock of the whole cluster; a template counts as made only when its name is final. */
async function ensureTemplate(client: pg.Client, template: string, migrate: (database: string) => Promise<void>): Promise<string> {
  const name = `template_${createHash('sha256').update(template).digest('hex').slice(0, 16)}`
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name])
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  if (rowCount) return name
  const half = `${name}_half`
  await client.query(`drop database if exists ${half} with (force)`)
  await client.query(`create database ${half} owner ${testCluster().connection.user} template template0`)
  await migrate(half)
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [half])
  await client.query(`alter database ${half} rename to ${name}`)
  return name
}

/** The lock a template is made and copied under ends with the connection. */
async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(testCluster().superuser)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
