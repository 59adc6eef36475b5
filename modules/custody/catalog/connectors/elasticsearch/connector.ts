/** Elasticsearch and OpenSearch: an index is a table, read through a point in time so that what is written meanwhile moves nothing. */
import type { SourceRecord } from '@gatehouse/tabular/value'
import { z } from 'zod'
import { type Connection, type Connector, ConnectorError, type DiscoveredColumn, type DiscoveredTable, type ReadRequest } from '../connector.ts'
import { type HttpAccess, httpAccess } from '../http/access.ts'
import { addressSchema, below } from '../http/address.ts'
import type { JsonClient } from '../http/client.ts'
import { type Credential, credentialSchema } from '../http/credential.ts'
import { isObject, type Json, memberOf } from '../json/document.ts'
import { cellOf } from '../json/flatten.ts'
import { type Reading, reading } from '../reading.ts'
import { say } from '../words.ts'
import { columnsOf, idColumn } from './mapping.ts'
import { finds, formatOf, queryOf } from './query.ts'

const indexName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^-_+.\\/*?"<>|\s,#:][^\\/*?"<>|\s,#:]*$/, 'the name of one index, alias or data stream')

const elasticsearchSettings = z.strictObject({
  url: addressSchema,
  indices: z.array(indexName).min(1).max(200).optional().describe('Which are tables; all that are open and not hidden where left out'),
  keys: z
    .record(indexName, z.string().min(1).max(200))
    .default({})
    .describe('A column of an index that is different in each document: {"patients": "nhs_number"}'),
  page: z.int().min(1).max(10_000).default(5_000).describe('Documents asked for at a time'),
})
type ElasticsearchSettings = z.output<typeof elasticsearchSettings>

export const elasticsearch: Connector<ElasticsearchSettings> = {
  kind: 'elasticsearch',
  title: 'Elasticsearch, OpenSearch',
  settings: elasticsearchSettings as Connector<ElasticsearchSettings>['settings'],
  secret: credentialSchema.optional(),
  resumes: true,
  async open({ node }, settings, secret) {
    return connection(settings, httpAccess(node, undefined, secret as Credential | undefined))
  },
}

/** Between two pages, and a chunk may be looked at for a while. */
const keepAlive = '5m'
/** By these a reading goes on exactly where it was. */
const orderly = /^(keyword|byte|short|integer|long)\b/

function connection(settings: ElasticsearchSettings, { client, closing, close }: HttpAccess): Connection {
  const host = new URL(settings.url).hostname
  async function mappings(asking: JsonClient, indices: readonly string[] | undefined): Promise<Map<string, DiscoveredColumn[]>> {
    const url = below(settings.url, `${indices?.map(encodeURIComponent).join(',') ?? '*'}/_mapping`)
    const { json } = await asking.ask(url)
    if (!isObject(json)) throw new ConnectorError('unsupported', say('no_mappings', { host }))
    return new Map(Object.entries(json).map(([index, each]) => [index, columnsOf(memberOf(each, 'mappings'))]))
  }
  return {
    async check() {
      const asking = client()
      const { words, distribution } = await serverOf(asking, settings.url)
      return { server: words, readOnly: distribution === 'elasticsearch' && (await mayNotWrite(asking, settings.url)) }
    },
    async discover() {
      const asking = client()
      const found = await mappings(asking, settings.indices)
      const counts = await countsOf(asking, settings.url)
      return [...found].flatMap(([name, columns]): DiscoveredTable[] => {
        if (!indexName.safeParse(name).success) return []
        const key = columns.find(({ column }) => Object.hasOwn(settings.keys, name) && column === settings.keys[name])
        return [{ name, columns, key: key !== undefined && orderly.test(key.physical) ? [key.column] : [], references: [], rows: counts.get(name) }]
      })
    },
    read(request) {
      const { name } = request.table
      if (!indexName.safeParse(name).success) throw new ConnectorError('unsupported', say('no_index_name', { name }))
      return reading(request, closing, finds, async function* pages(given) {
        const asking = client(given.signal)
        checkColumns(name, given.plan.columns, [...(await mappings(asking, [name])).values()].at(0) ?? [])
        yield* documents(asking, client(), settings, request, given)
      })
    },
    close,
  }
}

function checkColumns(index: string, wanted: readonly DiscoveredColumn[], now: readonly DiscoveredColumn[]): void {
  const known = new Map(now.map((column) => [column.column, column]))
  for (const { column, physical } of wanted) {
    const found = known.get(column)
    if (found === undefined) throw new ConnectorError('drifted', say('column_gone_look', { table: index, column }))
    if (found.physical !== physical)
      throw new ConnectorError('drifted', say('column_is_now_and_was', { table: index, column, now: found.physical, was: physical }))
  }
}

/** @param ending asks on when the reading was ended, so that no point in time is left behind */
async function* documents(
  client: JsonClient,
  ending: JsonClient,
  { url: base, page }: ElasticsearchSettings,
  { table, rowsMax, sample, resumeAfter }: ReadRequest,
  { plan, hint, columnOf }: Reading,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  const { distribution, sorts } = await serverOf(client, base)
  const point = await openPoint(client, base, table.name, distribution)
  const size = sample ? Math.min(rowsMax, page) : page
  const [key] = plan.order
  const fields = plan.columns.filter(({ column }) => column !== idColumn).map(({ column, physical }) => ({ field: column, ...formatted(physical) }))
  let after: Json | undefined = resumeAfter
  try {
    for (;;) {
      const body = {
        size,
        pit: { id: point.id, keep_alive: keepAlive },
        // A document without the key would end the order.
        query: {
          bool: { filter: [...(hint === undefined ? [] : [queryOf(hint, columnOf)]), ...(key === undefined ? [] : [{ exists: { field: key.column } }])] },
        },
        sort: [{ [key?.column ?? sorts]: 'asc' }],
        track_total_hits: false,
        _source: false,
        fields,
        ...(after === undefined ? {} : { search_after: after }),
      }
      const { json } = await client.ask(below(base, '_search'), { method: 'POST', body: JSON.stringify(body) })
      const hits = memberOf(memberOf(json, 'hits'), 'hits')
      if (!Array.isArray(hits) || memberOf(json, 'timed_out') === true) throw new ConnectorError('unsupported', say('search_not_whole', { table: table.name }))
      if (Number(memberOf(memberOf(json, '_shards'), 'failed') ?? 0) > 0) throw new ConnectorError('unreachable', say('part_silent', { table: table.name }))
      if (hits.length > 0) yield (hits as readonly Json[]).map((hit) => rowOf(hit, plan.columns, table.name))
      after = memberOf((hits as readonly Json[]).at(-1), 'sort')
      if (hits.length < size || after === undefined) return
    }
  } finally {
    await closePoint(ending, base, point).catch(() => {})
  }
}

const formatted = (physical: string) => {
  const format = formatOf(physical)
  return format === undefined ? {} : { format }
}

/** Every value comes in a list. One of them is the cell; several stay as their JSON text, and where they are no text they have no cell. */
function rowOf(hit: Json, columns: readonly DiscoveredColumn[], index: string): SourceRecord {
  const fields = memberOf(hit, 'fields')
  const ignored = memberOf(hit, 'ignored_field_values')
  const row: Record<string, SourceRecord[string]> = Object.create(null)
  for (const { column } of columns) {
    const values: Json = column === idColumn ? [memberOf(hit, '_id') ?? null] : (memberOf(fields, column) ?? memberOf(ignored, column) ?? null)
    const [first, second] = Array.isArray(values) ? (values as readonly Json[]) : []
    row[column] = cellOf(second === undefined ? (isObject(first) ? [first] : (first ?? null)) : values, column, index)
  }
  return row
}

interface Server {
  readonly words: string
  readonly distribution: 'elasticsearch' | 'opensearch'
  /** What tells documents apart inside a point in time. */
  readonly sorts: '_shard_doc' | '_id'
}

async function serverOf(client: JsonClient, base: string): Promise<Server> {
  const url = below(base, '')
  const version = memberOf((await client.ask(url)).json, 'version')
  const number = memberOf(version, 'number')
  if (typeof number !== 'string') throw new ConnectorError('unsupported', say('not_elasticsearch', { host: url.hostname }))
  const [major = 0, minor = 0] = number.split('.').map(Number)
  const opensearch = memberOf(version, 'distribution') === 'opensearch'
  const [least, words] = opensearch ? ['2.4', 'OpenSearch'] : ['7.12', 'Elasticsearch']
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number)
  if (major < leastMajor || (major === leastMajor && minor < leastMinor))
    throw new ConnectorError('unsupported', say('search_version', { host: url.hostname, server: words, version: number.slice(0, 20), least }))
  return {
    words: `${words} ${number.slice(0, 20)}`,
    distribution: opensearch ? 'opensearch' : 'elasticsearch',
    sorts: opensearch && (major < 3 || (major === 3 && minor < 3)) ? '_id' : '_shard_doc',
  }
}

/** Without security switched on there are no rights, and whoever asks may write. */
async function mayNotWrite(client: JsonClient, base: string): Promise<boolean> {
  const body = JSON.stringify({ index: [{ names: ['*'], privileges: ['write', 'delete_index'] }] })
  const answer = await client.ask(below(base, '_security/user/_has_privileges'), { method: 'POST', body }).catch(() => undefined)
  const rights = memberOf(memberOf(answer?.json, 'index'), '*')
  return isObject(rights) && Object.values(rights).every((may) => may === false)
}

async function countsOf(client: JsonClient, base: string): Promise<ReadonlyMap<string, number>> {
  const url = below(base, '_cat/indices')
  url.search = 'format=json&h=index,docs.count'
  const answer = await client.ask(url).catch(() => undefined)
  const lines = Array.isArray(answer?.json) ? (answer.json as readonly Json[]) : []
  return new Map(lines.map((line) => [String(memberOf(line, 'index')), Number(memberOf(line, 'docs.count') ?? 0)]))
}

interface Point {
  readonly id: string
  readonly distribution: Server['distribution']
}

async function openPoint(client: JsonClient, base: string, index: string, distribution: Server['distribution']): Promise<Point> {
  const path = distribution === 'opensearch' ? '_search/point_in_time' : '_pit'
  const url = below(base, `${encodeURIComponent(index)}/${path}`)
  url.searchParams.set('keep_alive', keepAlive)
  const { json } = await client.ask(url, { method: 'POST' })
  const id = memberOf(json, distribution === 'opensearch' ? 'pit_id' : 'id')
  if (typeof id !== 'string') throw new ConnectorError('unsupported', say('no_point_in_time', { host: url.hostname }))
  return { id, distribution }
}

function closePoint(client: JsonClient, base: string, { id, distribution }: Point): Promise<unknown> {
  return distribution === 'opensearch'
    ? client.ask(below(base, '_search/point_in_time'), { method: 'DELETE', body: JSON.stringify({ pit_id: [id] }) })
    : client.ask(below(base, '_pit'), { method: 'DELETE', body: JSON.stringify({ id }) })
}
