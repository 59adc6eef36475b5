/**
 * PostgreSQL behind two shapes: a pool that opens transactions, and the transaction that stores work in. Every transaction
 * names its tenant first, and row-level security in the database holds it to that.
 */
import type { Writable } from 'node:stream'
import type { Id } from '@gatehouse/core/id'
import { type CompiledQuery, DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import pg from 'pg'

/** A statement with a name is planned once per connection; names are unique in the whole node. */
export interface Statement {
  readonly name?: string
  readonly text: string
}

export interface Tx {
  readonly tenant: Id<'tenant'> | 'node'
  /** From the node's scope into one tenant's, for the rest of the transaction; there is no way back. */
  narrow(tenant: Id<'tenant'>): Promise<void>
  /** Statements are sent at once and answered in order, so independent ones may be started together. */
  query<Row>(statement: Statement | string, values?: readonly unknown[]): Promise<Row[]>
  /** The number of rows that a statement touched. */
  change(statement: Statement | string, values?: readonly unknown[]): Promise<number>
  /** Runs what a query builder compiled. */
  run<Row>(compiled: CompiledQuery<Row>): Promise<Row[]>
}

export interface Database {
  /**
   * Runs `act` in one transaction of the tenant. It commits when `act` returns and rolls back when it throws.
   * `node` sees the rows of every tenant: for the sequencer, the dispatcher and look-ups by a secret's hash only.
   */
  transaction<T>(tenant: Id<'tenant'> | 'node', act: (tx: Tx) => Promise<T>): Promise<T>
  /** A plain connection for work that needs a session: migrations, advisory locks held over several transactions. */
  connection<T>(act: (client: pg.PoolClient) => Promise<T>): Promise<T>
  /** True when the database answers within two seconds. */
  alive(): Promise<boolean>
  readonly pool: pg.Pool
  close(): Promise<void>
}

/** int8 as number: our counts and log indices stay below 2^53, and a larger one must fail loudly rather than round. */
function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('a 64-bit number from the database does not fit a JavaScript number')
  return value
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === 20) return parseInt8
    // timestamptz comes as the text of an Instant, in milliseconds: what the node writes has no finer time.
    if (oid === 1184) return (text: string) => new Date(text).toISOString()
    return pg.types.getTypeParser(oid, format as 'text')
  }) as typeof pg.types.getTypeParser,
}

const uuid = /^[0-9a-f-]{36}$/

/** Builds queries without running them; a store compiles them and hands them to `tx.run`. */
export function queryBuilder<Tables>(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}

export interface DatabaseOptions {
  readonly connection: pg.PoolConfig
  readonly poolSize: number
  readonly onError?: (error: Error) => void
}

export function openPool(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    ...options.connection,
    max: options.poolSize,
    types,
    pipeline: true,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    // A fresh node plans its statements while the tables are empty and keeps the plans. Told that scans are dear, the planner takes
    // the index from the first day; where there is none it still scans.
    options: '-c enable_seqscan=off -c statement_timeout=60000 -c idle_in_transaction_session_timeout=120000 -c timezone=UTC',
    application_name: 'gatehouse',
  } as pg.PoolConfig)
  // An idle connection that breaks must not end the process; the next transaction opens another.
  let closing = false
  pool.on('error', (error) => {
    if (!closing) options.onError?.(error)
  })

  // The pool listens only while a connection is idle. One that ends in use fails its statements, and that is news enough.
  pool.on('connect', (client) => client.on('error', () => {}))

  async function transaction<T>(tenant: Id<'tenant'> | 'node', act: (tx: Tx) => Promise<T>): Promise<T> {
    if (tenant !== 'node' && !uuid.test(tenant)) throw new TypeError('a transaction needs a tenant id')
    const client = await pool.connect()
    let broken: Error | undefined
    let over = false
    try {
      // Not awaited: it travels with the first statement of the act. Its failure shows in the act's first answer too.
      const send = sender(client)
      const begun = send(`BEGIN; SET LOCAL gatehouse.tenant TO '${tenant}'`)
      begun.catch(() => {})
      // Of work started together one part may fail while another goes on: what that sends later must not land in whichever
      // transaction the connection serves next.
      const sendInside: Send = async (statement, values) => {
        if (over) throw new Error('the transaction has ended: every statement must be awaited inside it')
        return send(statement, values)
      }
      const result = await act(transactionOn(sendInside, tenant))
      await begun
      over = true
      const ended = await client.query('COMMIT')
      // PostgreSQL answers COMMIT with ROLLBACK when a statement failed whose error nobody looked at.
      if (ended.command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements failed unseen')
      return result
    } catch (error) {
      over = true
      await client.query('ROLLBACK').catch((fault: Error) => {
        broken = fault
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  return {
    pool,
    transaction,
    async connection(act) {
      const client = await pool.connect()
      let broken = true
      try {
        const result = await act(client)
        broken = false
        return result
      } finally {
        // A session that failed may hold locks or settings; it is closed rather than handed to the next.
        client.release(broken)
      }
    },
    async alive() {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), 2_000)
      })
      const answer = pool.query('SELECT 1').then(
        () => true,
        () => false,
      )
      const alive = await Promise.race([answer, late])
      clearTimeout(timer)
      return alive
    },
    async close() {
      closing = true
      await pool.end()
    },
  }
}

type Send = (statement: Statement | string, values?: readonly unknown[]) => Promise<pg.QueryResult>

/**
 * Sends statements without waiting for earlier answers. Those that are sent in one turn of the event loop leave in one write:
 * a system call costs as much as PostgreSQL's work on a small statement.
 */
function sender(client: pg.PoolClient): Send {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  let corked = false
  return (statement, values) => {
    if (!corked) {
      corked = true
      stream.cork()
      process.nextTick(() => {
        corked = false
        stream.uncork()
      })
    }
    return typeof statement === 'string'
      ? values === undefined
        ? client.query(statement)
        : client.query(statement, values as unknown[])
      : client.query({ ...(statement.name === undefined ? {} : { name: statement.name }), text: statement.text, values: values as unknown[] })
  }
}

function transactionOn(send: Send, scope: Id<'tenant'> | 'node'): Tx {
  let tenant = scope
  return {
    get tenant() {
      return tenant
    },
    async narrow(to) {
      if (tenant !== 'node' || !uuid.test(to)) throw new TypeError('only a transaction in the scope of the node can be narrowed, and only to a tenant')
      tenant = to
      await send(`SET LOCAL gatehouse.tenant TO '${to}'`)
    },
    query: async <Row>(statement: Statement | string, values?: readonly unknown[]) => (await send(statement, values)).rows as Row[],
    change: async (statement, values) => (await send(statement, values)).rowCount ?? 0,
    run: async <Row>(compiled: CompiledQuery<Row>) => (await send(compiled.sql, compiled.parameters)).rows as Row[],
  }
}
