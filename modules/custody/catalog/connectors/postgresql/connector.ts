/** PostgreSQL, read by binary COPY inside a read-only transaction. */
import type pg from 'pg'
import { type Connection, type Connector, type ConnectorContext, ConnectorError, type ReadChunk, type ReadRequest } from '../connector.ts'
import { guarded } from '../guarded.ts'
import { type ReadPlan, readPlan } from '../read-plan.ts'
import { say } from '../words.ts'
import { BinaryRows } from './binary-rows.ts'
import { connect, faultOf, type Secret, type Settings, secretSchema, settingsSchema } from './client.ts'
import { copyOut } from './copy-out.ts'
import { about, columnsNow, discover } from './discover.ts'
import { partsOf } from './names.ts'
import { isOrderly, selection, takes, type WantedColumn } from './statement.ts'
import { readingOf } from './types.ts'

export const postgresql: Connector<Settings> = {
  kind: 'postgresql',
  title: 'PostgreSQL',
  settings: settingsSchema as unknown as Connector<Settings>['settings'],
  secret: secretSchema,
  resumes: true,
  open: async (context, settings, secret) => connectionOn(context, settings, secret as Secret),
}

function connectionOn(context: ConnectorContext, settings: Settings, secret: Secret): Connection {
  const open = new Set<pg.Client>()

  async function withClient<T>(act: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await connect(context, settings, secret)
    open.add(client)
    try {
      await begin(client, 60_000)
      return await act(client)
    } catch (error) {
      throw faultOf(error, settings)
    } finally {
      drop(client)
    }
  }

  function drop(client: pg.Client): void {
    open.delete(client)
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }

  async function* rows(request: ReadRequest, own: { client?: pg.Client }): AsyncGenerator<ReadChunk, void, undefined> {
    try {
      const client = await connect(context, settings, secret)
      own.client = client
      open.add(client)
      if (request.signal.aborted) return
      await begin(client, request.timeMsMax)
      const { statement, plan, decoder } = await prepared(client, request)
      for (const [index, value] of statement.values.entries()) await client.query('SELECT set_config($1, $2, true)', [`gatehouse.v${index}`, value])
      const copying = copyOut(client, `COPY (${statement.text}) TO STDOUT (FORMAT binary)`, (messages) => decoder.push(messages))
      for await (const _ of copying) {
        for (const chunk of decoder.take()) yield plan.finish(chunk)
      }
      for (const chunk of decoder.take('rest')) yield plan.finish(chunk)
    } catch (error) {
      throw faultOf(error, settings, request.table.name)
    } finally {
      if (own.client !== undefined) drop(own.client)
    }
  }

  /** What is asked of the server, and how its answer is read. */
  async function prepared(client: pg.Client, request: ReadRequest) {
    const columnOf = await wanted(client, request)
    const plan = readPlan(request, (leaf, { field }) => takes(leaf, columnOf(field.name)))
    const order = plan.order.map(({ field }) => columnOf(field.name))
    if (order.length > 0 && !isOrderly(order)) throw new ConnectorError('unsupported', say('key_type', { table: request.table.name }))
    const [schema, table] = partsOf(request.table.name) ?? ['', '']
    const columns = plan.columns.map(({ field }) => columnOf(field.name))
    const statement = selection({ schema, table, columns, columnOf, where: plan.pushed, order, after: request.resumeAfter, limit: limitOf(request, plan) })
    const wires = plan.columns.map(({ field }, index) => ({ field, wire: readingOf((columns[index] as WantedColumn).server, field.type).wire }))
    const seed = context.node.source.randomBytes(4).reduce((bits, byte) => (bits << 8) | byte, 0)
    return { statement, plan, decoder: new BinaryRows(wires, seed) }
  }

  return {
    check: () => withClient(about),
    discover: () => withClient((client) => discover(client, settings.schemas)),
    read(request) {
      const own: { client?: pg.Client } = {}
      return guarded(request, rows(request, own), () => {
        if (own.client !== undefined) drop(own.client)
      })
    },
    async close() {
      for (const client of open) drop(client)
    },
  }
}

/** One row more than there may be tells that there are more; where rows are left out here, the server cannot know. */
function limitOf({ rowsMax, sample }: ReadRequest, { exact }: ReadPlan): number {
  if (sample) return rowsMax
  return exact ? rowsMax + 1 : Number.MAX_SAFE_INTEGER
}

/** Whatever else the user may do there, in here nothing is written; one look at the data, however long reading takes. */
async function begin(client: pg.Client, timeMs: number): Promise<void> {
  await client.query(
    `BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${Math.trunc(timeMs)}; SET LOCAL timezone = 'UTC';
     SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL search_path = pg_catalog`,
  )
}

/** The columns by field name, as the server has them now. @throws ConnectorError where one is gone or of another type */
async function wanted(client: pg.Client, { table }: ReadRequest): Promise<(name: string) => WantedColumn> {
  const parts = partsOf(table.name)
  const now = parts && (await columnsNow(client, parts[0], parts[1]))
  if (now === undefined) throw new ConnectorError('drifted', say('table_not_there', { table: table.name }))
  const servers = new Map(now.map((column) => [column.column, column]))
  return (name) => {
    const known = table.columns.find(({ field }) => field.name === name)
    const server = known && servers.get(known.column)
    if (known === undefined || server === undefined)
      throw new ConnectorError('drifted', say('column_gone', { table: table.name, column: known?.column ?? name }))
    if (server.physical !== known.physical)
      throw new ConnectorError('drifted', say('column_was', { column: known.column, table: table.name, was: known.physical, now: server.physical }))
    return { server, type: known.field.type }
  }
}
