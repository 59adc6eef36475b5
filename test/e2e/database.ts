/** A database in the test run's cluster that several node processes share, as an operator's own server would be shared. */
import type { SocketConnection } from '@gatehouse/runtime/data/postgres/cluster'
import { type TestDatabase, testDatabase } from '@gatehouse/runtime/data/testing/database'
import pg from 'pg'

export interface SharedDatabase extends TestDatabase {
  /** For `DATABASE_URL`. */
  readonly url: string
}

export async function sharedDatabase(): Promise<SharedDatabase> {
  const database = await testDatabase()
  return { ...database, url: urlOf(database.connection) }
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
