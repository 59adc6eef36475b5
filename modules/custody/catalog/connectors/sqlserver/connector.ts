/** SQL Server: tables and views of one database, each read by one SELECT. Every look and every reading has a session of its own. */
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { z } from 'zod'
import { type Connection, type Connector, ConnectorError, type DiscoveredColumn, type ReadRequest } from '../connector.ts'
import { closedReason, type Reading, reading } from '../reading.ts'
import { type DatabasePlace, databaseSettings, loginSchema } from '../server-settings.ts'
import { say } from '../words.ts'
import { columnsNow, plain, tablesIn, writesText } from './discover.ts'
import { partsOf } from './names.ts'
import { driver, openSession, type Session } from './session.ts'
import { finds, isOrderly, selection } from './statement.ts'
import { cellOf } from './types.ts'

export const sqlserver: Connector<DatabasePlace> = {
  kind: 'sqlserver',
  title: 'SQL Server',
  settings: databaseSettings(1_433, 128) as unknown as Connector<DatabasePlace>['settings'],
  secret: loginSchema,
  resumes: true,
  install: driver,
  async open({ node: { egress } }, settings, secret) {
    await driver.load()
    return connection(settings.database, () => openSession(egress, settings, secret as z.output<typeof loginSchema>))
  },
}

function connection(database: string, sign: () => Promise<Session>): Connection {
  const closing = new AbortController()
  const open = new Set<Session>()
  async function* during<T>(act: (session: Session) => AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    closing.signal.throwIfAborted()
    const session = await sign()
    open.add(session)
    try {
      closing.signal.throwIfAborted()
      yield* act(session)
    } finally {
      open.delete(session)
      session.close()
    }
  }
  async function once<T>(act: (session: Session) => Promise<T>): Promise<T> {
    for await (const value of during(async function* (session) {
      yield await act(session)
    }))
      return value
    throw closedReason()
  }
  return {
    check: () =>
      once(async (session) => {
        const [[version] = []] = await session.all(plain("SELECT CONVERT(nvarchar(100), SERVERPROPERTY('ProductVersion'))"))
        const [[writes] = []] = await session.all(plain(writesText))
        return { server: `SQL Server ${String(version).slice(0, 40)}`, readOnly: writes === 0 }
      }),
    discover: () => once(tablesIn),
    read(request) {
      const [schema, table] = partsOf(request.table.name) ?? []
      if (schema === undefined || table === undefined) throw new ConnectorError('unsupported', say('no_table_name', { name: request.table.name }))
      return reading(request, closing.signal, finds, (given) =>
        during(async function* (session) {
          checkColumns(request.table.name, database, given.plan.columns, await columnsNow(session, schema, table))
          yield* rows(session, schema, table, request, given)
        }),
      )
    },
    async close() {
      closing.abort(closedReason())
      for (const session of open) session.close()
    },
  }
}

function checkColumns(table: string, database: string, wanted: readonly DiscoveredColumn[], now: readonly DiscoveredColumn[]): void {
  if (now.length === 0) throw new ConnectorError('drifted', say('table_gone', { database, table }))
  const known = new Map(now.map((column) => [column.column, column]))
  for (const { column, field } of wanted) {
    const found = known.get(column)
    if (found === undefined) throw new ConnectorError('drifted', say('column_gone_look', { table, column }))
    if (found.field.type !== field.type && field.type !== 'string')
      throw new ConnectorError('drifted', say('column_is_now', { table, column, now: found.physical, type: field.type }))
  }
}

async function* rows(
  session: Session,
  schema: string,
  table: string,
  { where, inKeyOrder, resumeAfter, rowsMax, sample }: ReadRequest,
  { plan, hint, columnOf, signal }: Reading,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  if (inKeyOrder && !isOrderly(plan.order)) throw new ConnectorError('unsupported', say('key_types', { table: `${schema}.${table}` }))
  // One more than may come, so that too many are told apart from just enough; filtered rows do not count.
  const limit = sample ? rowsMax : where === undefined ? rowsMax + 1 : Number.MAX_SAFE_INTEGER
  const statement = selection({ schema, table, columns: plan.columns, columnOf, hint, order: plan.order, after: resumeAfter, limit })
  for await (const page of session.rows(statement, signal))
    yield page.map((row) => Object.fromEntries(plan.columns.map(({ column, physical }, at) => [column, cellOf(row[at], physical)])))
}
