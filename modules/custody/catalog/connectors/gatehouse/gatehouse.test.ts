import type { Field } from '@gatehouse/tabular/field'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { merge } from '../../tables/merge.ts'
import { connectorContract } from '../testing/connector-contract.ts'
import { connectorContext } from '../testing/context.ts'
import { contractFields, contractRows } from '../testing/contract-rows.ts'
import { type Handler, type JsonServer, jsonServer } from '../testing/json-server.ts'
import { requestFor, rowsRead, tableNamed } from '../testing/reading.ts'
import { gatehouse } from './connector.ts'

const project = '0198c1de-7b3a-7c4d-8e5f-000000000003'
const released = '0198c1de-7b3a-7c4d-8e5f-000000000004'
const held = '0198c1de-7b3a-7c4d-8e5f-000000000005'
const key = 'ghk_SECRET-25'

const roles: Readonly<Record<string, string>> = { id: 'token', born: 'quasi', score: 'sensitive', active: 'insensitive' }
const described = (id: string, fields: readonly Field[] = contractFields) => ({
  id,
  title: 'Readmissions by age',
  form: 'anonymised',
  state: id === held ? 'held' : 'released',
  rows: contractRows.length,
  expires_at: '2027-01-01T00:00:00.000Z',
  columns: fields.map(({ name, type }) => ({ name, type, role: roles[name] ?? 'identifying', level: null, levels: null })),
  report: { status: 'pass', checks: [], floor: 12 },
})

/** As `query/results` answers: `results`, `read_result` and `read_rows`. */
const node =
  (fields?: readonly Field[]): Handler =>
  (url, request) => {
    if (request.headers.authorization !== `Bearer ${key}`) return { status: 401, json: { detail: request.headers.authorization } }
    const [, at] = /^\/v1\/projects\/0198c1de-7b3a-7c4d-8e5f-000000000003\/results(.*)$/.exec(url.pathname) ?? []
    const from = Number(url.searchParams.get('cursor') ?? 0)
    const limit = Number(url.searchParams.get('limit'))
    if (at === '') return { json: { data: [described(held), described(released)], next: null } }
    if (at === `/${released}` || at === `/${held}`) return { json: described(at.slice(1), fields) }
    if (at !== `/${released}/rows`) return { status: 404 }
    const to = Math.min(from + limit, contractRows.length)
    return { json: { columns: [], data: contractRows.slice(from, to), next: to < contractRows.length ? String(to) : null, rows: contractRows.length } }
  }

let server: JsonServer
const context = connectorContext(['127.0.0.1'])
beforeAll(async () => {
  server = await jsonServer(node())
})
beforeEach(() => server.answer(node()))
afterAll(async () => {
  await context.node.egress.close()
  await server.close()
})
const openAt = (url: string, secret = key, more: object = {}) => gatehouse.open(context, gatehouse.settings.parse({ url, project, ...more }), { key: secret })

describe('another node that is not believed', () => {
  it('has a result that is held: not a table, and nothing is read of it', async () => {
    const connection = await openAt(server.origin)
    const [table, ...others] = await connection.discover()
    expect(others).toEqual([])
    await expect(rowsRead(connection, requestFor({ ...table!, name: held }))).rejects.toMatchObject({
      code: 'drifted',
      message: expect.stringContaining('(held)'),
    })
    await expect((await openAt(server.origin, key, { results: [held] })).discover()).rejects.toMatchObject({ code: 'drifted' })
  })

  it.each([
    ['no list of results', { data: 1 }],
    ['a list of a thing without a description', { data: [{ id: released, state: 'released' }], next: null, id: released }],
  ])('%s', async (_, json) => {
    server.answer(() => ({ json }))
    await expect((await openAt(server.origin)).discover()).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('a column whose name would be none here', async () => {
    server.answer((url) => ({
      json: url.pathname.endsWith('results')
        ? { data: [described(released)] }
        : { ...described(released), columns: [{ name: 'a"; --', type: 'string', role: 'quasi' }] },
    }))
    await expect((await openAt(server.origin)).discover()).rejects.toMatchObject({ code: 'unsupported' })
  })
})

it('carries the floor, the form and the end of a result along, and what its columns tell of a person', async () => {
  const table = await tableNamed(await openAt(server.origin), released)
  expect(table).toMatchObject({
    title: 'Readmissions by age',
    floor: 12,
    description: expect.stringMatching(/anonymised.*2027-01-01/),
    rows: contractRows.length,
  })
  const { columns } = merge(undefined, table, new Map([['id', { sensitivity: 'plain', subject: true, reason: 'a guess' }]]))
  expect(columns.map(({ name, sensitivity, identifier_role }) => [name, sensitivity, identifier_role])).toEqual([
    ['id', 'direct_identifier', 'subject'],
    ['name', 'direct_identifier', 'direct'],
    ['score', 'sensitive', 'sensitive'],
    ['active', 'plain', 'none'],
    ['born', 'quasi_identifier', 'quasi'],
    ['seen', 'direct_identifier', 'direct'],
  ])
})

describe('the contract', () => {
  connectorContract('Gatehouse', () => ({
    table: released,
    open: () => openAt(server.origin),
    openWrongly: () => openAt(server.origin, 'ghk_wrong-SECRET-26'),
    openAt: (port) => openAt(`http://127.0.0.1:${port}`),
    secrets: [key, 'ghk_wrong-SECRET-26'],
    resumes: false,
  }))

  it('names a column that is gone or of another type', async () => {
    const connection = await openAt(server.origin)
    const table = await tableNamed(connection, released)
    server.answer(
      node(contractFields.map((field) => (field.name === 'score' ? { ...field, type: 'string' as const } : field)).filter(({ name }) => name !== 'born')),
    )
    for (const column of ['born', 'score']) {
      await expect(rowsRead(connection, requestFor(table, { columns: [column] }))).rejects.toMatchObject({
        code: 'drifted',
        message: expect.stringContaining(column),
      })
    }
    expect(await rowsRead(connection, requestFor(table, { columns: ['id'] }))).toHaveLength(contractRows.length)
  })
})
