/** A database in the test run's cluster that several node processes share, as an operator's own server would be shared. */
import { openPool } from '@gatehouse/runtime/data/db'
import { migrate } from '@gatehouse/runtime/data/migrate'
import type { SocketConnection } from '@gatehouse/runtime/data/postgres/cluster'
import { type TestDatabase, testDatabase } from '@gatehouse/runtime/data/testing/database'
import { migrationsOf } from '@gatehouse/runtime/door/testing/node'
import { openBoss } from '@gatehouse/runtime/edge/worker'
import pg from 'pg'

export interface SharedDatabase extends TestDatabase {
  /** For `DATABASE_URL`. */
  readonly url: string
}

export async function sharedDatabase(): Promise<SharedDatabase> {
  return shared(await testDatabase())
}

/** One whose tables are made already, once for the run: for tests that are about what a node does and not about how it begins. */
export async function migratedDatabase(): Promise<SharedDatabase> {
  return shared(await testDatabase(makeTables, 'node'))
}

const shared = (database: TestDatabase): SharedDatabase => ({ ...database, url: urlOf(database.connection) })

async function makeTables(connection: SocketConnection): Promise<void> {
  const { modules } = await import('../../apps/server/modules.ts')
  const database = openPool({ connection, poolSize: 2 })
  const boss = openBoss(database, () => {})
  try {
    await migrate(database, migrationsOf(modules))
    await boss.start()
    await boss.stop({ graceful: false, wait: true })
  } finally {
    await database.close()
  }
}

export function urlOf({ host, port, user, database }: SocketConnection): string {
  return `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`
}

/** Looks at what the nodes wrote, past row-level security. */
export async function inspect<Row>(connection: SocketConnection, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query(text, [...values])).rows as Row[]
  } finally {
    await client.end()
  }
}
