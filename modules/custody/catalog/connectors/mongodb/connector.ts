/**
 * MongoDB: a collection is a table, known by a sample of its documents and read by `find` and nothing else. The driver makes its own
 * sockets, so it is given one host and a resolver that knows no other, and is told not to look for further members.
 */
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { Collection, Db, MongoClient } from 'mongodb'
import { z } from 'zod'
import { type Connection, type Connector, ConnectorError, type DiscoveredColumn, type DiscoveredTable, type ReadRequest } from '../connector.ts'
import { answered } from '../http/answered.ts'
import { sampledColumns, sampleRowsMax, typesSchema } from '../json/sampled.ts'
import { optionalPackage } from '../optional-package.ts'
import { closedReason, type Reading, reading } from '../reading.ts'
import { hostSchema, isPrivateInTransit, loginSchema, portSchema, tlsRule } from '../server-settings.ts'
import { say } from '../words.ts'
import { type Filter, filterOf, finds, valueFor } from './filter.ts'
import { type Cell, cellsOf } from './values.ts'

const collectionName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^$\0]+$/, 'a name without "$"')

const mongodbSettings = z
  .strictObject({
    host: hostSchema,
    port: portSchema.default(27_017),
    tls: z.boolean().default(true),
    database: z
      .string()
      .min(1)
      .max(63)
      .regex(/^[^/\\. "$*<>:|?\0]+$/, 'the name of a database'),
    auth_database: z
      .string()
      .min(1)
      .max(63)
      .regex(/^[^/\\. "*<>:|?\0]+$/)
      .default('admin'),
    collections: z.array(collectionName).min(1).max(200).optional().describe('Which are tables; all where left out'),
    keys: z
      .record(collectionName, z.string().min(1).max(200))
      .default({})
      .describe('A column with a unique index to go on by, where `_id` is not it: {"patients": "mrn"}'),
    types: z.record(collectionName, typesSchema).default({}),
  })
  .refine(isPrivateInTransit, tlsRule)
type MongodbSettings = z.output<typeof mongodbSettings>
type Login = z.output<typeof loginSchema>

const driver = optionalPackage('npm install --no-save mongodb@6.22.0', () => import('mongodb'))
type Driver = Awaited<ReturnType<typeof driver.load>>

export const mongodb: Connector<MongodbSettings> = {
  kind: 'mongodb',
  title: 'MongoDB',
  settings: mongodbSettings as unknown as Connector<MongodbSettings>['settings'],
  secret: loginSchema.optional(),
  resumes: true,
  install: driver,
  async open({ node: { egress } }, settings, secret) {
    const loaded = await driver.load()
    const { host, port, tls, auth_database } = settings
    // A server that is not there is told at once, and by our own way out; the driver would try again until its time is over.
    const lookup = await answered(host, async () => {
      ;(await egress.open(host, port, answerMs)).destroy()
      return egress.lookup(host, port)
    })
    const login = secret as Login | undefined
    const client = new loaded.MongoClient(`mongodb://${host.includes(':') ? `[${host}]` : host}:${port}/`, {
      directConnection: true,
      lookup,
      tls,
      ...(tls && egress.authorities !== undefined ? { ca: [...egress.authorities] } : {}),
      ...(login === undefined ? {} : { auth: { username: login.user, password: login.password }, authSource: auth_database }),
      serverSelectionTimeoutMS: answerMs,
      connectTimeoutMS: answerMs,
      maxPoolSize: 4,
      readPreference: 'secondaryPreferred',
      retryWrites: false,
      appName: 'gatehouse',
      // Whole numbers beyond what a double keeps come as they are, and are refused and not rounded.
      useBigInt64: true,
    })
    return connection(loaded, client, settings)
  },
}

const answerMs = 10_000
const documentsPerAnswer = 2_000

function connection(loaded: Driver, client: MongoClient, settings: MongodbSettings): Connection {
  const { host, database } = settings
  const db = client.db(database)
  const closing = new AbortController()
  const textOf = (value: unknown) => loaded.BSON.EJSON.stringify(value as never, { relaxed: true })
  const cells = (document: object, collection: string) => cellsOf(document, collection, textOf)
  const asked = <T>(ask: () => Promise<T>) => inOurWords(host, ask)
  return {
    check: () =>
      asked(async () => {
        const { version } = await db.admin().serverInfo()
        return { server: `MongoDB ${String(version).slice(0, 40)}`, readOnly: await mayNotWrite(db) }
      }),
    discover: (tell) =>
      asked(async () => {
        const known = await db.listCollections({}, { nameOnly: true }).toArray()
        const names = known
          .map(({ name }) => name)
          .filter((name) => !name.startsWith('system.') && (settings.collections?.includes(name) ?? collectionName.safeParse(name).success))
        const tables: DiscoveredTable[] = []
        for (const name of names.sort()) {
          tell?.(tables.length, names.length)
          tables.push(await tableOf(db.collection(name), settings, cells))
        }
        return tables
      }),
    read(request) {
      return reading(request, closing.signal, finds, (given) => {
        const sorted = async function* () {
          const [found] = await asked(() => db.listCollections({ name: request.table.name }).toArray())
          if (found === undefined) throw new ConnectorError('drifted', say('collection_gone', { database, table: request.table.name }))
          // Text is compared by its bytes, whatever the collection does by itself.
          const collation = (found as { options?: { collation?: unknown } }).options?.collation === undefined ? {} : { collation: { locale: 'simple' } }
          yield* documents(db.collection(request.table.name), request, given, { collation, newObjectId: (hex) => new loaded.ObjectId(hex), cells })
        }
        return wordedBy(host, sorted())
      })
    },
    async close() {
      closing.abort(closedReason())
      await client.close(true)
    },
  }
}

type CellsOf = (document: object, collection: string) => ReadonlyMap<string, Cell>

async function tableOf(collection: Collection, { keys, types }: MongodbSettings, cells: CellsOf): Promise<DiscoveredTable> {
  const name = collection.collectionName
  const rows = (await collection.find({}, { limit: sampleRowsMax }).toArray()).map((document) => cells(document, name))
  const columns = sampledColumns(
    rows.map((row) => Object.fromEntries([...row].map(([column, { value }]) => [column, value]))),
    Object.hasOwn(types, name) ? types[name] : undefined,
  ).map((column) => ({ ...column, physical: physicalOf(column, rows), field: fieldOf(column) }))
  const wanted = Object.hasOwn(keys, name) ? (keys[name] ?? '_id') : '_id'
  const key = columns.find(({ column, physical }) => column === wanted && orderly.has(physical))
  const unique =
    wanted === '_id' || (await collection.indexes().catch(() => [])).some((index) => index.unique === true && Object.keys(index.key).join() === wanted)
  const count = await collection.estimatedDocumentCount().catch(() => undefined)
  return { name, columns, key: key !== undefined && unique ? [key.column] : [], references: [], rows: count }
}

/** By itself it would be `id`, which a member of the document often is. */
const fieldOf = ({ column, field }: DiscoveredColumn) => (column === '_id' ? { ...field, name: 'document_id' } : field)

/** Kinds that a reading can go on behind. */
const orderly: ReadonlySet<string> = new Set(['string', 'number', 'objectId'])

function physicalOf({ column, field }: DiscoveredColumn, rows: readonly ReadonlyMap<string, Cell>[]): string {
  const kinds = new Set(rows.map((row) => row.get(column)?.kind ?? 'null'))
  kinds.delete('null')
  const words = kinds.size === 0 ? 'null' : [...kinds].sort().join(' or ')
  return field.type === 'date' && words === 'string' ? 'string (date)' : words
}

interface Means {
  readonly collation: object
  readonly newObjectId: (hex: string) => unknown
  readonly cells: CellsOf
}

async function* documents(
  collection: Collection,
  { rowsMax, sample, resumeAfter }: ReadRequest,
  { plan, hint, columnOf, signal }: Reading,
  { collation, newObjectId, cells }: Means,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  const [key] = plan.order
  const [after] = resumeAfter ?? []
  const filters: Filter[] = [
    ...(hint === undefined ? [] : [filterOf(hint, columnOf, newObjectId)]),
    ...(key === undefined || after === undefined ? [] : [{ [key.column]: { $gt: valueFor(key.physical, after, newObjectId) } }]),
  ]
  const found = collection.find(filters.length === 0 ? {} : { $and: filters }, {
    projection: projectionOf(plan.columns.map(({ column }) => column)),
    batchSize: documentsPerAnswer,
    signal,
    ...collation,
    ...(key === undefined ? {} : { sort: { [key.column]: 1 } }),
    ...(sample ? { limit: rowsMax } : {}),
  })
  try {
    while (await found.hasNext()) {
      const page = found.readBufferedDocuments().map((document) => cells(document, collection.collectionName))
      yield page.map((row) => Object.fromEntries(plan.columns.map(({ column }) => [column, row.get(column)?.value ?? null])))
    }
  } finally {
    await found.close().catch(() => {})
  }
}

/** A member and a member inside it cannot both be named; the whole holds the part. */
export function projectionOf(columns: readonly string[]): Record<string, 0 | 1> {
  const tops = columns.filter((column) => !columns.some((other) => column.startsWith(`${other}.`)))
  if (tops.length === 0) return { _id: 1 }
  return { ...Object.fromEntries(tops.map((column) => [column, 1] as const)), ...(tops.includes('_id') ? {} : { _id: 0 }) }
}

const reads = new Set([
  'find',
  'listCollections',
  'listIndexes',
  'listDatabases',
  'collStats',
  'dbStats',
  'indexStats',
  'dbHash',
  'killCursors',
  'killAnyCursor',
  'changeStream',
  'serverStatus',
  'connPoolStats',
  'top',
  'planCacheRead',
  'listSearchIndexes',
])

/** Where nobody signs in, whoever comes may write. */
async function mayNotWrite(db: Db): Promise<boolean> {
  const { authInfo } = await db.command({ connectionStatus: 1, showPrivileges: true }).catch(() => ({ authInfo: undefined }))
  const privileges: unknown = authInfo?.authenticatedUserPrivileges
  if (!Array.isArray(privileges) || !(authInfo.authenticatedUsers?.length > 0)) return false
  return privileges.every(({ actions }: { actions?: unknown }) => Array.isArray(actions) && actions.every((action) => reads.has(String(action))))
}

async function inOurWords<T>(host: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw faultOf(host, error)
  }
}

async function* wordedBy<T>(host: string, items: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* items
  } catch (error) {
    throw faultOf(host, error)
  }
}

const authenticationFailed = new Set([18, 8000])
const timeOver = new Set([50, 262])

/** The driver's own words are not passed on: a server may put into them whatever it likes. */
function faultOf(host: string, error: unknown): unknown {
  if (error instanceof ConnectorError || !(error instanceof Error) || !error.name.startsWith('Mongo')) return error
  const { code } = error as { code?: unknown }
  const number = Number(code)
  if (authenticationFailed.has(number)) return new ConnectorError('refused', say('user_not_taken', { host }))
  if (number === 13) return new ConnectorError('refused', say('user_lacks_right', { host }))
  if (timeOver.has(number)) return new ConnectorError('slow', say('no_answer_in_time', { host }))
  if (error.name === 'MongoServerError')
    return new ConnectorError('unsupported', say('not_understood', { host, status: Number.isNaN(number) ? 'no code' : number }))
  return new ConnectorError('unreachable', say('unreachable_because', { host, why: error.name }))
}
