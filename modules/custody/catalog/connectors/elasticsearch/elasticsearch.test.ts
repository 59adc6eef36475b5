import type { Predicate } from '@gatehouse/tabular/predicate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectorContract } from '../testing/connector-contract.ts'
import { connectorContext } from '../testing/context.ts'
import { contractRows } from '../testing/contract-rows.ts'
import { type Handler, type JsonServer, jsonServer } from '../testing/json-server.ts'
import { requestFor, rowsRead, tableNamed } from '../testing/reading.ts'
import { elasticsearch } from './connector.ts'
import { columnsOf } from './mapping.ts'
import { finds, queryOf } from './query.ts'

const mapping = {
  properties: {
    name: { type: 'keyword' },
    short: { type: 'keyword', ignore_above: 8 },
    folded: { type: 'keyword', normalizer: 'lowercase' },
    hidden: { type: 'keyword', index: false },
    note: { type: 'text', fields: { raw: { type: 'keyword' } } },
    age: { type: 'byte' },
    size: { type: 'double' },
    rough: { type: 'float' },
    alive: { type: 'boolean' },
    seen: { type: 'date' },
    born: { type: 'date', format: 'strict_date' },
    address: { properties: { city: { type: 'keyword' } } },
    visits: { type: 'nested', properties: { at: { type: 'date' } } },
    vector: { type: 'dense_vector' },
  },
}
const columns = columnsOf(mapping)
const columnOf = (name: string) => columns.find(({ column }) => column === name)!

it('makes columns of a mapping, and none of what is no single value', () => {
  expect(columns.map(({ column, physical, field }) => `${column}: ${physical} -> ${field.type}`)).toEqual([
    'name: keyword -> string',
    'short: keyword(8) -> string',
    'folded: keyword, normalized -> string',
    'hidden: keyword, not indexed -> string',
    'note: text -> string',
    'age: byte -> integer',
    'size: double -> number',
    'rough: float -> number',
    'alive: boolean -> boolean',
    'seen: date -> instant',
    'born: date(day) -> date',
    'address.city: keyword -> string',
    '_id: _id -> string',
  ])
})

describe('a filter is asked for only where the index finds all that is meant', () => {
  it.each([
    ['name', { is: 'eq', value: 'Ana' }, { term: { name: { value: 'Ana' } } }],
    ['name', { in: ['a', 'b'] }, { terms: { name: ['a', 'b'] } }],
    ['name', { starts_with: 'a*' }, { prefix: { name: { value: 'a*' } } }],
    ['short', { is: 'eq', value: '12345678' }, { term: { short: { value: '12345678' } } }],
    ['age', { is: 'lt', value: 2.5 }, { range: { age: { lt: 2.5 } } }],
    ['alive', { is: 'eq', value: true }, { term: { alive: { value: true } } }],
    ['born', { is: 'eq', value: '1980-02-29' }, { range: { born: { gte: '1980-02-29', lte: '1980-02-29', format: 'strict_date' } } }],
    ['seen', { is: 'ge', value: '2026-01-01T00:00:00.000Z' }, { range: { seen: { gte: '2026-01-01T00:00:00.000Z', format: 'strict_date_time' } } }],
    ['name', { is: 'eq', value: '"}}, "match_all": {}, {"x": {"' }, { term: { name: { value: '"}}, "match_all": {}, {"x": {"' } } }],
    ['name', { is: 'eq', value: 'a OR name:*' }, { term: { name: { value: 'a OR name:*' } } }],
  ] as const)('%s %j', (column, comparison, query) => {
    const leaf = { column, ...comparison } as Extract<Predicate, { column: string }>
    expect(finds(leaf, columnOf(column))).toBe(true)
    expect(queryOf(leaf, columnOf)).toEqual(query)
  })

  it.each([
    ['what is not equal', 'name', { is: 'ne', value: 'Ana' }],
    ['an order of text', 'name', { is: 'lt', value: 'M' }],
    ['longer text than is indexed', 'short', { is: 'eq', value: '123456789' }],
    ['the beginning of text that may not be indexed', 'short', { starts_with: '1' }],
    ['text that is folded', 'folded', { is: 'eq', value: 'ANA' }],
    ['what is not indexed', 'hidden', { is: 'eq', value: 'a' }],
    ['words', 'note', { is: 'eq', value: 'a' }],
    ['a number that the type cannot hold', 'age', { in: [1, 300] }],
    ['half a whole number', 'age', { is: 'eq', value: 2.5 }],
    ['numbers that were rounded', 'rough', { is: 'lt', value: 0.1 }],
    ['a moment in words of its own', 'seen', { is: 'gt', value: 'now-1d' }],
    ['a day that is none', 'born', { is: 'gt', value: '2026-02-30' }],
    ['another type', 'age', { is: 'eq', value: '1' }],
    ['what is missing', 'name', { missing: true }],
  ] as const)('not %s', (_, column, comparison) => {
    expect(finds({ column, ...comparison } as Extract<Predicate, { column: string }>, columnOf(column))).toBe(false)
  })
})

describe('a server that is not believed', () => {
  let server: JsonServer
  const context = connectorContext(['127.0.0.1'])
  const root = { version: { number: '8.17.0' } }
  const answers =
    (search: unknown): Handler =>
    (url) => {
      if (url.pathname === '/') return { json: root }
      if (url.pathname.endsWith('_mapping')) return { json: { people: { mappings: { properties: { name: { type: 'keyword' }, age: { type: 'long' } } } } } }
      if (url.pathname === '/people/_pit') return { json: { id: 'point' } }
      return url.pathname === '/_search' ? { json: search } : { json: [] }
    }
  beforeAll(async () => {
    server = await jsonServer(answers({}))
  })
  afterAll(async () => {
    await context.node.egress.close()
    await server.close()
  })
  const open = () => elasticsearch.open(context, elasticsearch.settings.parse({ url: server.origin }), { header: 'Authorization', value: 'ApiKey SECRET' })

  it.each([
    ['something else', { tagline: 'hello' }, 'no Elasticsearch and no OpenSearch'],
    ['an old release', { version: { number: '7.11.2' } }, 'points in time need 7.12'],
    ['an old release of the other', { version: { number: '1.3.0', distribution: 'opensearch' } }, 'points in time need 2.4'],
  ])('%s', async (_, json, words) => {
    server.answer(() => ({ json }))
    await expect((await open()).check()).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining(words) })
  })

  it.each([
    ['no list of hits', { hits: {} }, 'unsupported', 'gave no whole answer'],
    ['half an answer', { timed_out: true, hits: { hits: [] } }, 'unsupported', 'gave no whole answer'],
    ['a shard that failed', { hits: { hits: [] }, _shards: { failed: 1 } }, 'unreachable', 'a part of people did not answer'],
    ['a number that became another', '{"hits":{"hits":[{"fields":{"age":[9007199254740993]},"sort":[1]}]}}', 'bad_value', 'age holds a number beyond'],
    ['several numbers in one', { hits: { hits: [{ fields: { age: [1, 2] }, sort: [1] }] } }, 'drifted', 'age holds what is not a whole number'],
  ])('%s', async (_, json, code, words) => {
    server.answer(answers(json))
    const connection = await open()
    const people = await tableNamed(connection, 'people')
    await expect(rowsRead(connection, requestFor(people))).rejects.toMatchObject({ code, message: expect.stringContaining(words) })
    expect(server.asked.at(-1)).toBe('DELETE /_pit')
  })

  it.each(['_all', '*', 'a,b', '-secret', '../_security/user', '.security'])('no index is called %s', async (name) => {
    server.answer(answers({}))
    const connection = await open()
    const people = await tableNamed(connection, 'people')
    expect(() => connection.read(requestFor({ ...people, name }))).toThrow('is the name of no index')
  })
})

/** A server without security, or an address with `user:password@`; its index `gatehouse-contract` is made anew. */
const address = process.env.GATEHOUSE_TEST_ELASTICSEARCH
describe.skipIf(address === undefined)('the contract, against GATEHOUSE_TEST_ELASTICSEARCH', () => {
  const index = 'gatehouse-contract'
  const url = new URL(address ?? 'http://127.0.0.1')
  const { username: user, password } = url
  const context = connectorContext([url.hostname])
  const signed = user === '' ? [] : [['authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`] as const]
  async function ask(method: string, path: string, body?: string): Promise<void> {
    const headers = Object.fromEntries([['content-type', 'application/x-ndjson'] as const, ...signed])
    const answer = await fetch(`${url.origin}/${path}`, { method, headers, body: body ?? null })
    if (!answer.ok && answer.status !== 404) throw new Error(await answer.text())
  }
  async function seed(properties: object, rows: readonly object[]): Promise<void> {
    await ask('DELETE', index)
    await ask('PUT', index, JSON.stringify({ settings: { number_of_shards: 2, number_of_replicas: 0 }, mappings: { properties } }))
    const lines = rows.flatMap((row) => [JSON.stringify({ index: {} }), JSON.stringify(row)])
    await ask('POST', `${index}/_bulk?refresh=true`, `${lines.join('\n')}\n`)
  }
  const properties = {
    id: { type: 'integer' },
    name: { type: 'keyword' },
    score: { type: 'double' },
    active: { type: 'boolean' },
    born: { type: 'date', format: 'strict_date' },
    seen: { type: 'date' },
  }
  beforeAll(() => seed(properties, contractRows))
  afterAll(async () => {
    await ask('DELETE', index)
    await context.node.egress.close()
  })
  const opened = (origin: string, word: string) => {
    const secret = user === '' ? undefined : { user, password: word }
    return elasticsearch.open(context, elasticsearch.settings.parse({ url: origin, keys: { [index]: 'id' }, page: 700 }), secret)
  }
  connectorContract('Elasticsearch', () => ({
    table: index,
    open: () => opened(url.origin, password),
    ...(user === '' ? {} : { openWrongly: () => opened(url.origin, 'wrong-SECRET-23') }),
    openAt: (port) => opened(`http://127.0.0.1:${port}`, password),
    secrets: [...(password === '' ? [] : [password]), 'wrong-SECRET-23'],
    drift: () =>
      seed(
        { id: { type: 'integer' }, name: { type: 'keyword' }, score: { type: 'keyword' } },
        contractRows.map(({ id, name, score }) => ({ id, name, score: String(score) })),
      ),
    resumes: true,
  }))
})
