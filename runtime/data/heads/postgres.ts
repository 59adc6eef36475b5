/** Heads in another PostgreSQL: one that the database's own administrator does not govern, or it protects from nothing. */
import pg from 'pg'
import { checkHead, type Head, type HeadStore, HeadStoreError } from './head-store.ts'

const timeoutMs = 5_000
const poolSize = 4

/** Makes its table when it is not there. @throws HeadStoreError when the server cannot be reached */
export async function postgresHeads(connection: pg.PoolConfig): Promise<HeadStore> {
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    // A swap that was answered must outlive the server, whatever the server's own settings say.
    options: '-c synchronous_commit=on -c statement_timeout=5000',
    application_name: 'gatehouse heads',
  })
  // The pool speaks of idle connections that break; the next call opens another and tells of its own failure.
  pool.on('error', () => {})

  async function query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await pool.query<Row>(text, [...values])).rows
    } catch (cause) {
      throw new HeadStoreError(`the database of heads cannot be used (${(cause as { code?: string }).code ?? 'no answer'})`, { cause })
    }
  }

  try {
    // Under a lock: two nodes that start at once would both find no table, and IF NOT EXISTS does not keep them from colliding.
    await query(`DO $$ BEGIN
        PERFORM pg_advisory_xact_lock(4730313);
        CREATE SCHEMA IF NOT EXISTS gatehouse_heads;
        CREATE TABLE IF NOT EXISTS gatehouse_heads.head (
          name text COLLATE "C" PRIMARY KEY,
          version uuid NOT NULL,
          value bytea NOT NULL,
          at timestamptz NOT NULL DEFAULT now());
      END $$`)
  } catch (error) {
    await pool.end()
    throw error
  }

  return {
    kind: 'postgres',
    async read(name) {
      checkHead(name)
      const [head] = await query<Head & pg.QueryResultRow>('SELECT version, value FROM gatehouse_heads.head WHERE name = $1', [name])
      return head === undefined ? undefined : { version: head.version, value: new Uint8Array(head.value) }
    },
    async compareAndSwap(name, expected, value) {
      checkHead(name, value)
      const bytes = Buffer.from(value)
      const [swapped] =
        expected === undefined
          ? await query<{ version: string }>(
              'INSERT INTO gatehouse_heads.head (name, version, value) VALUES ($1, gen_random_uuid(), $2) ON CONFLICT DO NOTHING RETURNING version',
              [name, bytes],
            )
          : await query<{ version: string }>(
              'UPDATE gatehouse_heads.head SET version = gen_random_uuid(), value = $2, at = now() WHERE name = $1 AND version::text = $3 RETURNING version',
              [name, bytes, expected],
            )
      return swapped?.version
    },
    async list(prefix) {
      return (await query<{ name: string }>('SELECT name FROM gatehouse_heads.head WHERE starts_with(name, $1) ORDER BY name', [prefix])).map(
        ({ name }) => name,
      )
    },
    close: () => pool.end(),
  }
}
