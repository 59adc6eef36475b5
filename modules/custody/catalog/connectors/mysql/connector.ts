/** MySQL and MariaDB: tables and views of one database, each read by one SELECT in a read-only transaction. */
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { z } from 'zod'
import { type Connection, type Connector, ConnectorError, type DiscoveredColumn, type ReadRequest } from '../connector.ts'
import { closedReason, type Reading, reading } from '../reading.ts'
import { type DatabasePlace, databaseSettings, loginSchema } from '../server-settings.ts'
import { say } from '../words.ts'
import { columnsNow, tablesIn, writesText } from './discover.ts'
import { driver, openSession, type Session } from './session.ts'
import { finds, isOrderly, selection } from './statement.ts'
import { cellOf } from './types.ts'

const lookMs = 60_000

export const mysql: Connector<DatabasePlace> = {
  kind: 'mysql',
  title: 'MySQL or MariaDB',
  settings: databaseSettings(3_306, 64) as unknown as Connector<DatabasePlace>['settings'],
  secret: loginSchema,
  resumes: true,
  install: driver,
  async open({ node: { egress } }, settings, secret) {
    await driver.load()
    return connection((timeMs) => openSession(egress, settings, secret as z.output<typeof loginSchema>, timeMs))
  },
}

function connection(sign: (timeMs: number) => Promise<Session>): Connection {
  const closing = new AbortController()
  async function* during<T>(timeMs: number, signal: AbortSignal, act: (session: Session) => AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    signal.throwIfAborted()
    const session = await sign(timeMs)
    const cut = () => session.close()
    signal.addEventListener('abort', cut, { once: true })
    try {
      signal.throwIfAborted()
      yield* act(session)
    } finally {
      signal.removeEventListener('abort', cut)
      session.close()
    }
  }
  async function once<T>(act: (session: Session) => Promise<T>): Promise<T> {
    for await (const value of during(lookMs, closing.signal, async function* (session) {
      yield await act(session)
    }))
      return value
    throw closedReason()
  }
  return {
    check: () =>
      once(async (session) => {
        const [[version = ''] = []] = await session.all({ text: 'SELECT VERSION()', values: [] })
        const [[writes] = []] = await session.all({ text: writesText, values: [] })
        const [, number = ''] = /^([\d.]+)/.exec(String(version)) ?? []
        return { server: `${/mariadb/i.test(String(version)) ? 'MariaDB' : 'MySQL'} ${number}`, readOnly: Number(writes) === 0 }
      }),
    discover: () => once(tablesIn),
    read: (request) =>
      reading(request, closing.signal, finds, (given) =>
        during(request.timeMsMax, given.signal, async function* (session) {
          checkColumns(request.table.name, given.plan.columns, await columnsNow(session, request.table.name))
          yield* rows(session, request, given)
        }),
      ),
    async close() {
      closing.abort(closedReason())
    },
  }
}

function checkColumns(table: string, wanted: readonly DiscoveredColumn[], now: readonly DiscoveredColumn[]): void {
  if (now.length === 0) throw new ConnectorError('drifted', say('table_not_there', { table }))
  const known = new Map(now.map((column) => [column.column, column]))
  for (const { column, physical } of wanted) {
    const found = known.get(column)
    if (found === undefined) throw new ConnectorError('drifted', say('column_gone_look', { table, column }))
    if (found.physical !== physical) throw new ConnectorError('drifted', say('column_was', { column, table, was: physical, now: found.physical }))
  }
}

async function* rows(
  session: Session,
  { table, where, inKeyOrder, resumeAfter, rowsMax, sample }: ReadRequest,
  { plan, hint, columnOf }: Reading,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  if (inKeyOrder && !isOrderly(plan.order)) throw new ConnectorError('unsupported', say('key_types', { table: table.name }))
  // One more than may come, so that too many are told apart from just enough; filtered rows do not count.
  const limit = sample ? rowsMax : where === undefined ? rowsMax + 1 : Number.MAX_SAFE_INTEGER
  const statement = selection({ table: table.name, columns: plan.columns, columnOf, hint, order: plan.order, after: resumeAfter, limit })
  for await (const page of session.rows(statement))
    yield page.map((row) => Object.fromEntries(plan.columns.map(({ column, physical }, at) => [column, cellOf(row[at], physical)])))
}
