import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../connector.ts'
import { connectorContract } from '../testing/connector-contract.ts'
import { connectorContext } from '../testing/context.ts'
import { contractRows } from '../testing/contract-rows.ts'
import { type Handler, type JsonServer, jsonServer } from '../testing/json-server.ts'
import { requestFor, rowsRead, tableNamed } from '../testing/reading.ts'
import { rest } from './connector.ts'

const people = Array.from({ length: 25 }, (_, at) => ({
  id: `p-${at}`,
  age: 20 + at,
  address: { city: at % 2 === 0 ? 'Leeds' : 'York', lines: ['1 High Street', 'Flat 2'] },
  born: `19${70 + at}-01-0${(at % 9) + 1}`,
  smoker: at % 3 === 0 ? null : at % 3 === 1,
}))
const size = 10
const secret = { bearer: 'tok-SECRET-17' }

let server: JsonServer
const context = connectorContext(['127.0.0.1', 'localhost'])

/** The five ways of paging, over the same people. */
const paged: Handler = (url, request) => {
  if (request.headers.authorization !== `Bearer ${secret.bearer}`) return { status: 401 }
  const page = (from: number) => people.slice(from, from + size)
  const at = (name: string, otherwise = 0) => Number(url.searchParams.get(name) ?? otherwise)
  const more = (from: number) => from + size < people.length
  switch (url.pathname) {
    case '/api/all':
      return { json: people }
    case '/api/cursor':
      return { json: { data: page(at('after')), meta: { next: more(at('after')) ? at('after') + size : null } } }
    case '/api/link': {
      const from = at('from')
      const link = `<${url.origin}/api/link?from=0>; rel="first"${more(from) ? `, </api/link?from=${from + size}>; title="a, b"; rel="next"` : ''}`
      return { json: page(from), headers: { link } }
    }
    case '/api/next':
      return { json: { items: page(at('from')), links: more(at('from')) ? { next: `next?from=${at('from') + size}` } : {} } }
    case '/api/page':
      return { json: page((at('p', 1) - 1) * size) }
    case '/api/offset':
      return { json: page(at('offset')) }
    default:
      return { status: 404 }
  }
}

beforeAll(async () => {
  server = await jsonServer(paged)
})
beforeEach(() => {
  server.answer(paged)
  server.asked.length = 0
})
afterAll(async () => {
  await context.node.egress.close()
  await server.close()
})

const open = (tables: readonly object[], more: { secret?: unknown; oauth?: object } = {}): Promise<Connection> =>
  rest.open(context, rest.settings.parse({ url: `${server.origin}/api`, tables, ...(more.oauth && { oauth: more.oauth }) }), more.secret ?? secret)
/** One table at `/api/people` that is answered by the handler. */
async function answering(handler: Handler, table: object = {}): Promise<Connection> {
  const connection = await open([{ name: 'people', path: 'people', ...table }])
  server.answer(handler)
  return connection
}

describe('what a person may not set up', () => {
  const tables = [{ name: 'people', path: 'people' }]
  it.each([
    ['a password in the address', { url: 'https://user:pw@data.example.org/', tables }],
    ['plain http to another machine', { url: 'http://data.example.org/', tables }],
    ['a path that is another address', { url: 'https://data.example.org/', tables: [{ name: 'people', path: 'https://evil.example/' }] }],
    ['a path that is another host', { url: 'https://data.example.org/', tables: [{ name: 'people', path: '//evil.example/' }] }],
    ['a path that climbs', { url: 'https://data.example.org/api', tables: [{ name: 'people', path: 'a/../../admin' }] }],
    ['a path that climbs in disguise', { url: 'https://data.example.org/api', tables: [{ name: 'people', path: '%2e%2e/admin' }] }],
    ['a path with a query of its own', { url: 'https://data.example.org/', tables: [{ name: 'people', path: 'people?all=1' }] }],
    ['two tables of one name', { url: 'https://data.example.org/', tables: [...tables, ...tables] }],
  ])('%s', (_, settings) => {
    expect(rest.settings.safeParse(settings).success).toBe(false)
  })

  it('a credential with a line break, which would be another header', () => {
    expect(rest.secret?.safeParse({ bearer: 'a\r\nx-admin: 1' }).success).toBe(false)
  })
})

describe('answers that are not believed', () => {
  const rows =
    (json: unknown): Handler =>
    () => ({ json })
  it.each([
    ['a redirect', () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }), 'unsupported', 'redirect, which is not followed'],
    ['a wrong credential', () => ({ status: 401, json: { detail: secret.bearer } }), 'refused', 'does not take the credential'],
    ['no right', () => ({ status: 403 }), 'refused', 'lacks a right'],
    ['nothing there', () => ({ status: 404 }), 'drifted', 'nothing at this address'],
    ['too many requests', () => ({ status: 429 }), 'slow', 'left alone'],
    ['a server that failed', () => ({ status: 500, json: 'stack trace with Mary' }), 'unreachable', 'failed (500)'],
    ['no JSON', rows('<html>Mary</html>'), 'unsupported', 'not JSON'],
    ['no list', rows({ data: 1 }), 'drifted', 'has no list at ""'],
    ['a row that is none', rows([1]), 'drifted', 'no JSON object'],
    ['a row that reaches into objects', rows('[{"__proto__": {"admin": true}}]'), 'unsupported', 'member __proto__'],
    ['very deep', rows(`[{"a": ${'['.repeat(200)}${']'.repeat(200)}}]`), 'unsupported', 'more than 64 levels'],
    ['deep enough to end a process', rows(`[{"a": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}]`), 'unsupported', 'more than 64 levels'],
    ['very wide', rows([Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`c${at}`, at]))]), 'unsupported', 'more than 4096 columns'],
    ['a number that would become another one', rows('[{"id": 12345678901234567890}]'), 'bad_value', 'id holds a number beyond'],
    ['very large', () => ({ json: `["${'x'.repeat(33 * 1024 * 1024)}"]` }), 'too_large', 'more than 33554432 bytes'],
  ] satisfies [string, Handler, string, string][])('%s', async (_, handler, code, words) => {
    const connection = await answering(handler)
    const fault = await connection.discover().catch((error) => error)
    expect(fault).toMatchObject({ code, message: expect.stringContaining(words) })
    expect(fault.message).not.toMatch(/SECRET|Mary|\/api/)
  })

  it.each([
    ['link', { by: 'link' }, (): ReturnType<Handler> => ({ json: people, headers: { link: '<http://localhost:1/people>; rel=next' } })],
    ['address in the document', { by: 'next', next: '/next' }, (): ReturnType<Handler> => ({ json: { rows: people, next: '//localhost/people' } })],
  ])('a next page at another place, by %s', async (_, paging, handler) => {
    const connection = await answering(handler, { paging, rows: paging.by === 'next' ? '/rows' : '' })
    await expect(connection.discover().then(([table]) => rowsRead(connection, requestFor(table!)))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('at another place, which is not followed'),
    })
  })

  it('pages that go round in a circle', async () => {
    const connection = await answering((url) => ({ json: { rows: [], next: `?at=${(Number(url.searchParams.get('at') ?? 0) + 1) % 7}` } }), {
      paging: { by: 'next', next: '/next' },
      rows: '/rows',
    })
    await expect(connection.discover()).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('circle') })
    expect(server.asked.length).toBeLessThan(30)
  })

  it('an address that the operator did not list is not asked', async () => {
    const away = await rest.open(context, rest.settings.parse({ url: 'https://data.example.org', tables: [{ name: 'people', path: 'people' }] }), secret)
    await expect(away.check()).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('not on the allow list') })
  })
})

describe('rows, whatever the paging', () => {
  it.each([
    ['one answer', { path: 'all' }],
    ['a cursor', { path: 'cursor', rows: '/data', paging: { by: 'cursor', cursor: '/meta/next', parameter: 'after' } }],
    ['the Link header', { path: 'link', paging: { by: 'link' } }],
    ['an address in the document', { path: 'next', rows: '/items', paging: { by: 'next', next: '/links/next' } }],
    ['numbered pages', { path: 'page', paging: { by: 'page', parameter: 'p' } }],
    ['an offset', { path: 'offset', paging: { by: 'offset', parameter: 'offset' } }],
  ])('%s', async (_, table) => {
    const connection = await open([{ name: 'people', ...table }])
    const found = await tableNamed(connection, 'people')
    expect(found.columns.map(({ column, field }) => [column, field.name, field.type, field.nullable])).toEqual([
      ['id', 'id', 'string', false],
      ['age', 'age', 'integer', false],
      ['address.city', 'address_city', 'string', false],
      ['address.lines', 'address_lines', 'string', false],
      ['born', 'born', 'date', false],
      ['smoker', 'smoker', 'boolean', true],
    ])
    const rows = await rowsRead(
      connection,
      requestFor(found, {
        columns: ['age', 'id'],
        where: { all: [{ column: 'address_city', is: 'eq', value: 'York' }, { not: { column: 'age', is: 'lt', value: 40 } }] },
      }),
    )
    expect(rows).toEqual([
      { age: 41, id: 'p-21' },
      { age: 43, id: 'p-23' },
    ])
  })

  it('asks for the columns and equalities that the source knows, and judges them again', async () => {
    const columns = { parameter: 'fields' }
    const connection = await open([{ name: 'people', path: 'all', columns, filters: { 'address.city': 'city' }, size: { parameter: 'limit', rows: 50 } }])
    const found = await tableNamed(connection, 'people')
    const where = {
      all: [
        { column: 'address_city', is: 'eq', value: 'York&fields=ssn' },
        { column: 'age', is: 'gt', value: 1 },
      ],
    } as const
    expect(await rowsRead(connection, requestFor(found, { columns: ['id'], where }))).toEqual([])
    expect(server.asked.at(-1)).toBe('GET /api/all?limit=50&fields=id%2Caddress.city%2Cage&city=York%26fields%3Dssn')
  })

  it('says which column holds something else now, and how to mend it', async () => {
    const connection = await answering(() => ({ json: [{ age: 1 }] }))
    const found = await tableNamed(connection, 'people')
    server.answer(() => ({ json: [{ age: 1.5 }] }))
    await expect(rowsRead(connection, requestFor(found))).rejects.toMatchObject({
      code: 'drifted',
      message: expect.stringContaining('people: age holds what is not a whole number'),
    })
    server.answer(() => ({ json: [{ years: 1 }] }))
    await expect(rowsRead(connection, requestFor(found))).rejects.toMatchObject({ code: 'drifted', message: 'people has no column age any more' })
    const told = await open([{ name: 'people', path: 'people', types: { age: 'number' } }])
    expect((await tableNamed(told, 'people')).columns).toMatchObject([{ column: 'age', field: { type: 'number' } }, { column: 'years' }])
  })

  it('asks for no page before the one at hand was taken', async () => {
    const connection = await open([{ name: 'people', path: 'endless', paging: { by: 'offset', parameter: 'offset' } }])
    server.answer((url) => ({ json: Array.from({ length: 10_000 }, (_, at) => ({ id: at + Number(url.searchParams.get('offset')) })) }))
    const found = await tableNamed(connection, 'people')
    server.asked.length = 0
    const chunks = connection.read(requestFor(found))[Symbol.asyncIterator]()
    expect((await chunks.next()).value?.rowCount).toBe(65_536)
    expect(server.asked.length).toBe(7)
    await chunks.return?.()
  })

  it('stops at the cap on rows, the cap on time, and within a moment of being told to', async () => {
    const connection = await answering(() => ({ json: people }))
    const found = await tableNamed(connection, 'people')
    await expect(rowsRead(connection, requestFor(found, { rowsMax: 24 }))).rejects.toMatchObject({ code: 'too_large' })
    server.answer(() => undefined)
    await expect(rowsRead(connection, requestFor(found, { timeMsMax: 50 }))).rejects.toMatchObject({ code: 'slow' })
    const stop = new AbortController()
    const under = rowsRead(connection, requestFor(found, { signal: stop.signal }))
    stop.abort(new Error('stopped by hand'))
    await expect(under).rejects.toThrow('stopped by hand')
    const closing = connection.check()
    await connection.close()
    await expect(closing).rejects.toThrow('the connection was closed')
  })
})

describe('client credentials', () => {
  const credentials = { client_id: 'reader:1', client_secret: 'cs-SECRET-18' }
  const oauth = () => ({ token_url: `${server.origin}/token`, scope: 'read' })
  const opened = () => open([{ name: 'people', path: 'people' }], { secret: credentials, oauth: oauth() })

  it('are exchanged once, and once more where the token ended early', async () => {
    let tokens = 0
    let valid = ''
    server.answer((url, request, body) => {
      if (url.pathname === '/token') {
        expect(Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString()).toBe('reader%3A1:cs-SECRET-18')
        expect(body).toBe('grant_type=client_credentials&scope=read')
        valid = `t${++tokens}`
        return { json: { access_token: valid, token_type: 'Bearer', expires_in: 3600 } }
      }
      return request.headers.authorization === `Bearer ${valid}` ? { json: people } : { status: 401 }
    })
    const connection = await opened()
    await connection.check()
    await connection.check()
    expect(tokens).toBe(1)
    valid = 'rotated'
    await connection.check()
    expect(tokens).toBe(2)
  })

  it.each([
    ['refused', { status: 400, json: { error_description: 'cs-SECRET-18' } }],
    ['answered with something else', { json: { access_token: 'a\r\nb', token_type: 'bearer' } }],
    ['answered with another type', { json: { access_token: 'a', token_type: 'mac' } }],
  ])('%s', async (_, reply) => {
    server.answer(() => reply)
    const fault = await (await opened()).check().catch((error) => error)
    expect(fault).toMatchObject({ code: 'refused' })
    expect(fault.message).not.toContain('SECRET')
  })
})

describe('the contract', () => {
  const token = 'contract-SECRET-19'
  let contract: JsonServer
  beforeAll(async () => {
    contract = await jsonServer((url, request) => {
      const from = Number(url.searchParams.get('from') ?? 0)
      return request.headers.authorization === `Bearer ${token}`
        ? { json: { rows: contractRows.slice(from, from + 300), next: from + 300 < contractRows.length ? from + 300 : null } }
        : { status: 401, json: { detail: request.headers.authorization } }
    })
  })
  afterAll(() => contract.close())
  const tables = [
    { name: 'patients', path: '', rows: '/rows', paging: { by: 'cursor', cursor: '/next', parameter: 'from' }, filters: { id: 'id', name: 'name' } },
  ]
  const opened = (url: string, bearer: string) => rest.open(context, rest.settings.parse({ url, tables }), { bearer })

  connectorContract('REST', () => ({
    table: 'patients',
    open: () => opened(contract.origin, token),
    openWrongly: () => opened(contract.origin, 'wrong-SECRET-20'),
    openAt: (port) => opened(`http://127.0.0.1:${port}`, token),
    secrets: [token, 'wrong-SECRET-20'],
    resumes: false,
  }))
})
