import type { Predicate } from '@gatehouse/tabular/predicate'
import { BSON, MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DiscoveredColumn } from '../connector.ts'
import { connectorContract } from '../testing/connector-contract.ts'
import { connectorContext } from '../testing/context.ts'
import { contractRows } from '../testing/contract-rows.ts'
import { requestFor, rowsRead, tableNamed } from '../testing/reading.ts'
import { mongodb, projectionOf } from './connector.ts'
import { filterOf, finds } from './filter.ts'
import { cellsOf } from './values.ts'

const column = (physical: string, type: DiscoveredColumn['field']['type'] = 'string'): DiscoveredColumn => ({
  column: 'x',
  physical,
  field: { name: 'x', type, sensitivity: 'plain', nullable: true },
})
type Leaf = Extract<Predicate, { column: string }>
const hex = '65a0000000000000000000ff'

describe('a filter is asked for only where the collection finds all that is meant', () => {
  it.each([
    ['string', { is: 'eq', value: 'Ana' }, { x: { $eq: 'Ana' } }],
    ['string', { is: 'eq', value: '{"$gt": ""}' }, { x: { $eq: '{"$gt": ""}' } }],
    ['string', { in: ['$where', 'b'] }, { x: { $in: ['$where', 'b'] } }],
    ['string', { starts_with: '.*' }, { x: { $regex: '^\\x{2e}\\x{2a}' } }],
    ['number', { is: 'ge', value: 2.5 }, { x: { $gte: 2.5 } }],
    ['boolean', { is: 'eq', value: true }, { x: { $eq: true } }],
    ['date', { is: 'lt', value: '2026-01-01T00:00:00.000Z' }, { x: { $lt: new Date('2026-01-01T00:00:00.000Z') } }],
    ['objectId', { is: 'eq', value: hex }, { x: { $eq: `ObjectId(${hex})` } }],
  ] as const)('%s %j', (physical, comparison, filter) => {
    const leaf = { column: 'x', ...comparison } as Leaf
    expect(finds(leaf, column(physical))).toBe(true)
    expect(
      filterOf(
        leaf,
        () => column(physical),
        (text) => `ObjectId(${text})`,
      ),
    ).toEqual(filter)
  })

  it.each([
    ['several kinds', 'number or string', { is: 'eq', value: 'a' }],
    ['what is not equal', 'string', { is: 'ne', value: 'a' }],
    ['what is missing', 'string', { missing: true }],
    ['an order of text', 'string', { is: 'gt', value: 'a' }],
    ['text that a pattern would end at', 'string', { starts_with: 'a\0' }],
    ['another type', 'number', { is: 'eq', value: '1' }],
    ['a moment in other words', 'date', { is: 'eq', value: '2026-01-01' }],
    ['a name of a document that is none', 'objectId', { is: 'eq', value: 'abc' }],
    ['a list', 'list', { is: 'eq', value: '[1]' }],
  ] as const)('not %s', (_, physical, comparison) => {
    expect(finds({ column: 'x', ...comparison } as Leaf, column(physical))).toBe(false)
  })
})

describe('documents as cells', () => {
  const cells = (document: object) =>
    Object.fromEntries([...cellsOf(document, 'people', BSON.EJSON.stringify as never)].map(([name, { value, kind }]) => [name, [value, kind]]))

  it('each with its kind', () => {
    const document = {
      _id: new BSON.ObjectId(hex),
      name: { family: 'Hale', given: ['Ann', 'Mary'] },
      weight: new BSON.Decimal128('72.50'),
      visits: 17n,
      ratio: Number.NaN,
      at: new Date(0),
      wrong: new Date(Number.NaN),
      key: new BSON.UUID('0198c1de-7b3a-7c4d-8e5f-000000000001').toBinary(),
      empty: {},
    }
    expect(cells(document)).toEqual({
      _id: [hex, 'objectId'],
      'name.family': ['Hale', 'string'],
      'name.given': ['["Ann","Mary"]', 'list'],
      weight: [72.5, 'number'],
      visits: [17, 'number'],
      ratio: [null, 'null'],
      at: ['1970-01-01T00:00:00.000Z', 'date'],
      wrong: [null, 'null'],
      key: ['0198c1de-7b3a-7c4d-8e5f-000000000001', 'uuid'],
      empty: [null, 'null'],
    })
  })

  it('without members that could not be asked for by their name, or that reach into objects', () => {
    expect(cells(JSON.parse('{"$where": 1, "a.b": 2, "__proto__": {"admin": true}, "": 3, "c": {"$x": 1, "d": 4}}'))).toEqual({ 'c.d': [4, 'number'] })
  })

  it.each([
    ['a whole number beyond what is kept exactly', { n: 9_007_199_254_740_993n }],
    ['a decimal of too many digits', { n: new BSON.Decimal128('0.12345678901234567890') }],
  ])('but not %s', (_, document) => {
    expect(() => cells(document)).toThrow(/people: n holds a/)
  })

  it('of any depth, without ending the process', () => {
    let deep: object = { leaf: 1 }
    for (let level = 0; level < 50_000; level++) deep = { a: deep }
    expect(() => cells(deep)).toThrow('whose name is not of 1 to 200 characters')
  })

  it('are asked for by no member together with its part', () => {
    expect(projectionOf(['name.family', 'name', 'age'])).toEqual({ name: 1, age: 1, _id: 0 })
    expect(projectionOf(['_id', 'names.x', 'name'])).toEqual({ _id: 1, 'names.x': 1, name: 1 })
    expect(projectionOf([])).toEqual({ _id: 1 })
  })
})

describe('what a person may not set up', () => {
  it.each([
    ['a password sent in the clear', { host: 'db.example.org', database: 'd', tls: false }],
    ['several hosts', { host: 'a,b', database: 'd' }],
    ['a host with a credential', { host: 'user:pw@db', database: 'd' }],
    ['a host with a path', { host: 'db/admin?ssl=false', database: 'd' }],
    ['another database behind the name', { host: 'db', database: 'd.x' }],
  ])('%s', (_, settings) => {
    expect(mongodb.settings.safeParse(settings).success).toBe(false)
  })

  it('a server that the operator did not list is not asked', async () => {
    const opening = mongodb.open(connectorContext(['db.example.org:27018']), mongodb.settings.parse({ host: 'db.example.org', database: 'd' }), undefined)
    await expect(opening).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('db.example.org:27017 is not on the allow list') })
  })
})

/** `mongodb://[user:password@]host:port`, of a server without TLS on this machine; its database `gatehouse_contract` is made anew. */
const address = process.env.GATEHOUSE_TEST_MONGODB
describe.skipIf(address === undefined)('the contract, against GATEHOUSE_TEST_MONGODB', () => {
  const url = new URL(address ?? 'mongodb://127.0.0.1:27017')
  const { username: user, password, hostname: host } = url
  const database = 'gatehouse_contract'
  const context = connectorContext([host])
  let client: MongoClient
  beforeAll(async () => {
    client = new MongoClient(address ?? '', { directConnection: true })
    const db = client.db(database)
    await db
      .collection('patients')
      .drop()
      .catch(() => {})
    await db.collection('patients').createIndex({ id: 1 }, { unique: true })
    await db.collection('patients').insertMany(contractRows.map((row) => ({ ...row, seen: row.seen === null ? null : new Date(String(row.seen)) })))
    await db
      .collection('mixed')
      .drop()
      .catch(() => {})
    await db.collection('mixed').insertMany([{ a: 'x' }, { a: 2, b: { c: true } }, { b: null }] as object[])
  })
  afterAll(async () => {
    await client.db(database).collection('patients').drop()
    await client.db(database).collection('mixed').drop()
    await client.close()
    await context.node.egress.close()
  })
  const opened = (port: number, word: string) =>
    mongodb.open(
      context,
      mongodb.settings.parse({ host, port, tls: false, database, keys: { patients: 'id' } }),
      user === '' ? undefined : { user, password: word },
    )

  it('goes on by the name of a document where no other key is told, and reads columns of several kinds as text', async () => {
    const connection = await opened(Number(url.port), password)
    const mixed = await tableNamed(connection, 'mixed')
    expect(mixed).toMatchObject({
      key: ['_id'],
      columns: [{ physical: 'objectId' }, { column: 'a', physical: 'number or string', field: { type: 'string' } }, { column: 'b.c' }],
    })
    const where = { column: 'a', is: 'eq', value: '2' } as const
    expect(await rowsRead(connection, requestFor(mixed, { columns: ['a', 'b_c'], where }))).toEqual([{ a: '2', b_c: true }])
    const ids = (await rowsRead(connection, requestFor(mixed, { columns: ['document_id'], inKeyOrder: true }))).map((row) => String(row.document_id))
    expect(await rowsRead(connection, requestFor(mixed, { columns: ['document_id'], inKeyOrder: true, resumeAfter: ids.slice(0, 1) }))).toEqual(
      ids.slice(1).map((id) => ({ document_id: id })),
    )
    await connection.close()
  })

  connectorContract('MongoDB', () => ({
    table: 'patients',
    open: () => opened(Number(url.port), password),
    ...(user === '' ? {} : { openWrongly: () => opened(Number(url.port), 'wrong-SECRET-24') }),
    openAt: (port) => opened(port, password),
    secrets: [...(password === '' ? [] : [password]), 'wrong-SECRET-24'],
    resumes: true,
  }))
})
