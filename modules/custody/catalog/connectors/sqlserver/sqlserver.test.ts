import type { Predicate } from '@gatehouse/tabular/predicate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DiscoveredColumn } from '../connector.ts'
import { connectorContract } from '../testing/connector-contract.ts'
import { connectorContext } from '../testing/context.ts'
import { contractRows } from '../testing/contract-rows.ts'
import { requestFor } from '../testing/reading.ts'
import { type TdsAnswer, type TdsColumn, type TdsServer, tdsServer } from '../testing/tds-server.ts'
import { sqlserver } from './connector.ts'
import { bracketed, partsOf, qualifiedName } from './names.ts'
import { openSession } from './session.ts'
import { finds, isOrderly, selection } from './statement.ts'
import { cellOf, physicalOf, readingOf } from './types.ts'

const column = (name: string, physical: string): DiscoveredColumn => ({
  column: name,
  physical,
  field: { name, type: readingOf(physical)?.type ?? 'string', sensitivity: 'plain', nullable: true },
})
const columns = [
  column('name', 'nvarchar(100)'),
  column('age', 'int'),
  column('weight', 'decimal(10,2)'),
  column('rough', 'real'),
  column('ratio', 'float'),
  column('alive', 'bit'),
  column('born', 'date'),
  column('seen', 'datetime2'),
  column('zoned', 'datetimeoffset'),
  column('key', 'uniqueidentifier'),
  column('x] OR 1=1; --', 'varchar(10)'),
]
const columnOf = (name: string) => columns.find((each) => each.column === name)!
const selected = (more: Partial<Parameters<typeof selection>[0]>) =>
  selection({ schema: 'dbo', table: 'patients', columns: [columnOf('age')], columnOf, hint: undefined, order: [], after: undefined, limit: 10, ...more })
type Leaf = Extract<Predicate, { column: string }>

describe('names', () => {
  it.each(['a]b', ']]', '];DROP TABLE x;--', "a'b", 'a.b', '[a]', ''])('%j is one name, and is found again', (name) => {
    const written = bracketed(name)
    expect(written.slice(1, -1).replaceAll(']]', '')).not.toContain(']')
    if (name !== '') expect(partsOf(qualifiedName(name, 'patients'))).toEqual([name, 'patients'])
  })

  it.each(['patients', 'a.b.c', '[a].[b]; DROP TABLE x', '[a].b]', ''])('%j names no table', (name) => {
    expect(partsOf(name)).toBeUndefined()
  })
})

describe('a statement holds names in brackets and no value', () => {
  it('of the columns in their order, decimals and days as text', () => {
    const all = selected({ columns: ['weight', 'born', 'x] OR 1=1; --'].map(columnOf), limit: 2.5 })
    expect(all).toEqual({
      text: 'SELECT TOP (2) CONVERT(varchar(60), [weight]), CONVERT(char(10), [born], 23), [x]] OR 1=1; --] FROM [dbo].[patients]',
      parameters: [],
    })
  })

  it.each([
    [{ column: 'name', is: 'eq', value: "' OR '1'='1" }, '([name] = @p0)', ["' OR '1'='1"]],
    [{ column: 'name', in: ["'); DROP TABLE x; --", 'b'] }, '([name] IN (@p0, @p1))', ["'); DROP TABLE x; --", 'b']],
    [
      { column: 'name', starts_with: '50%_[a-z]\\' },
      "(CAST([name] AS nvarchar(max)) COLLATE Latin1_General_BIN2 LIKE @p0 ESCAPE N'\\')",
      ['50\\%\\_\\[a-z]\\\\%'],
    ],
    [{ column: 'age', is: 'ge', value: 18 }, '([age] >= @p0)', [18]],
    [{ column: 'alive', is: 'eq', value: true }, '([alive] = @p0)', [true]],
    [{ column: 'born', is: 'lt', value: '2000-02-29' }, '([born] < CAST(@p0 AS date))', ['2000-02-29']],
    [{ column: 'seen', is: 'gt', value: '2026-01-01T00:00:00.000Z' }, '([seen] >= CAST(@p0 AS datetime2(3)))', ['2025-12-31T23:59:59.000']],
    [
      { column: 'zoned', is: 'eq', value: '2026-01-01T00:00:00.000Z' },
      '([zoned] >= CAST(@p0 AS datetimeoffset(3)) AND [zoned] <= CAST(@p1 AS datetimeoffset(3)))',
      ['2025-12-31T23:59:59.000Z', '2026-01-01T00:00:01.000Z'],
    ],
    [
      {
        any: [
          { column: 'age', is: 'eq', value: 1 },
          {
            all: [
              { column: 'age', is: 'eq', value: 2 },
              { column: 'x] OR 1=1; --', is: 'eq', value: 'a' },
            ],
          },
        ],
      },
      '(([age] = @p0) OR (([age] = @p1) AND ([x]] OR 1=1; --] = @p2)))',
      [1, 2, 'a'],
    ],
  ] as [Predicate, string, unknown[]][])('%j', (hint, where, values) => {
    const { text, parameters } = selected({ hint })
    expect(text).toBe(`SELECT TOP (10) [age] FROM [dbo].[patients] WHERE ${where}`)
    expect(parameters.map(({ value }) => value)).toEqual(values)
  })

  it('goes on behind a key, each part as the type that it is ordered by', () => {
    const order = [columnOf('born'), columnOf('key')]
    const key = '6F9619FF-8B86-D011-B42D-00CF4FC964FF'
    expect(selected({ order, after: ['1980-01-01', key], hint: { column: 'age', is: 'eq', value: 1 } })).toMatchObject({
      text:
        'SELECT TOP (10) [age] FROM [dbo].[patients] WHERE ([age] = @p0) AND (([born] > CAST(@p1 AS date)) OR ' +
        '([born] = CAST(@p2 AS date) AND [key] > CAST(@p3 AS uniqueidentifier))) ORDER BY [born], [key]',
      parameters: [{ value: 1 }, { value: '1980-01-01' }, { value: '1980-01-01' }, { value: key }],
    })
    expect(isOrderly(order)).toBe(true)
    expect(isOrderly([columnOf('weight')])).toBe(false)
    expect(isOrderly([column('long', 'varchar(max)')])).toBe(false)
  })

  it('asks for everything where the values are more than the protocol takes', () => {
    const many = Array.from({ length: 11 }, (_, part) => ({ column: 'age', in: Array.from({ length: 200 }, (_, at) => part * 200 + at) }))
    expect(selected({ hint: { any: many } })).toEqual({ text: 'SELECT TOP (10) [age] FROM [dbo].[patients]', parameters: [] })
  })
})

describe('a filter is asked for only where the server finds all that is meant', () => {
  it.each([
    ['what is not equal', { column: 'name', is: 'ne', value: 'a' }],
    ['what is missing', { column: 'name', missing: true }],
    ['an order of text', { column: 'name', is: 'lt', value: 'a' }],
    ['text that is cut at the protocol', { column: 'name', is: 'eq', value: 'a\0b' }],
    ['longer text than a parameter keeps', { column: 'name', is: 'eq', value: 'x'.repeat(4_001) }],
    ['a long list', { column: 'age', in: Array.from({ length: 201 }, (_, at) => at) }],
    ['half a whole number', { column: 'age', is: 'lt', value: 2.5 }],
    ['numbers that we write in fewer digits', { column: 'rough', is: 'lt', value: 0.1 }],
    ['decimals', { column: 'weight', is: 'eq', value: 0.1 }],
    ['another type', { column: 'age', is: 'eq', value: '1' }],
    ['a day that is none', { column: 'born', is: 'eq', value: '2026-02-30' }],
    ['a day before there were days', { column: 'born', is: 'gt', value: '0000-01-01' }],
    ['a moment in other words', { column: 'seen', is: 'eq', value: '2026-01-01' }],
    ['what is no such key', { column: 'key', is: 'eq', value: "x'; --" }],
  ] as const)('not %s', (_, leaf) => {
    expect(finds(leaf as Leaf, columnOf(leaf.column))).toBe(false)
  })
})

describe('types', () => {
  it('as the catalogue of the server writes them', () => {
    expect([physicalOf('nvarchar', 200, 0, 0), physicalOf('varchar', -1, 0, 0), physicalOf('decimal', 9, 10, 2), physicalOf('int', 4, 10, 0)]).toEqual([
      'nvarchar(100)',
      'varchar(max)',
      'decimal(10,2)',
      'int',
    ])
    expect(['varbinary', 'geography', 'constructor', '__proto__'].map(readingOf)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('a single has the digits that tell it from its neighbours', () => {
    expect([cellOf(Math.fround(0.1), 'real'), cellOf(Math.fround(16_777_217), 'real'), cellOf(0.1, 'float'), cellOf(new Date(0), 'datetime2')]).toEqual([
      0.1,
      16_777_216,
      0.1,
      '1970-01-01T00:00:00.000Z',
    ])
  })
})

it('a server that the operator did not list is not asked, and none without TLS but on this machine', async () => {
  const connection = await sqlserver.open(connectorContext([]), sqlserver.settings.parse({ host: 'db.example.org', database: 'd' }), {
    user: 'u',
    password: 'SECRET',
  })
  await expect(connection.check()).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('not on the allow list') })
  expect(sqlserver.settings.safeParse({ host: 'db.example.org', database: 'd', tls: false }).success).toBe(false)
})

/** Not SQL Server: a server of its protocol that knows the three statements of a look and of a reading, and filters nothing. */
describe('the contract, against a server of the protocol', () => {
  const password = 'contract-SECRET-28'
  const context = connectorContext(['127.0.0.1'])
  const servers: TdsServer[] = []
  const sizes: Readonly<Record<string, readonly unknown[]>> = {
    id: ['int', 4, 10, 0, false],
    name: ['nvarchar', 400, 0, 0, true],
    score: ['float', 8, 53, 0, true],
    active: ['bit', 1, 1, 0, true],
    born: ['date', 3, 10, 0, true],
    seen: ['datetime2', 7, 23, 3, true],
  }
  const wires: Readonly<Record<string, TdsColumn['type']>> = { id: 'int', name: 'nvarchar', score: 'float', active: 'bit', born: 'nvarchar', seen: 'datetime2' }
  const texts = (names: string): TdsColumn[] => names.split(' ').map((name) => ({ name, type: 'nvarchar' }))
  let known = sizes

  function answers(statement: string): TdsAnswer | number {
    if (statement.includes('SERVERPROPERTY')) return { columns: texts('version'), rows: [['16.0.4135.4']] }
    if (statement.includes("'INSERT'")) return { columns: [{ name: 'writes', type: 'int' }], rows: [[0]] }
    if (statement.includes('sys.columns c ON c.object_id = o.object_id') && statement.includes('HAS_PERMS_BY_NAME'))
      return {
        columns: [
          ...texts('schema table column type'),
          ...['length', 'precision', 'scale'].map((name) => ({ name, type: 'int' as const })),
          { name: 'nullable', type: 'bit' },
        ],
        rows: Object.entries(known).map(([column, size]) => ['dbo', 'patients', column, ...size]),
      }
    if (statement.includes('is_primary_key')) return { columns: texts('schema table column'), rows: [['dbo', 'patients', 'id']] }
    if (statement.includes('sys.foreign_keys')) return { columns: texts('s o f c rs ro rc'), rows: [] }
    if (statement.includes('sys.partitions'))
      return { columns: [...texts('schema table'), { name: 'rows', type: 'int' }], rows: [['dbo', 'patients', contractRows.length]] }
    const [, top, list] = /^SELECT TOP \((\d+)\) (.*) FROM \[dbo\]\.\[patients\]/.exec(statement) ?? []
    if (list === undefined) return 208
    const names = list === '1' ? [] : [...list.matchAll(/\[(\w+)\]/g)].map(([, name]) => name as string)
    const from = statement.includes('([id] > CAST(') ? 1_500 : 0
    return {
      columns: names.map((name) => ({ name, type: wires[name] as TdsColumn['type'] })),
      rows: contractRows.slice(from, from + Number(top)).map((row) => names.map((name) => row[name])),
    }
  }

  beforeAll(async () => {
    servers.push(await tdsServer(password, answers))
  })
  afterAll(async () => {
    for (const server of servers) await server.close()
    await context.node.egress.close()
  })
  const opened = (port: number, word = password) =>
    sqlserver.open(context, sqlserver.settings.parse({ host: '127.0.0.1', port, tls: false, database: 'clinic' }), { user: 'reader', password: word })

  connectorContract('SQL Server', () => ({
    // A table that is there is asked for by what was looked up, so a name that is none comes to the same.
    table: 'dbo.patients',
    open: () => opened(servers[0]?.port ?? 0),
    openWrongly: () => opened(servers[0]?.port ?? 0, 'wrong-SECRET-27'),
    openAt: (port) => opened(port),
    secrets: [password, 'wrong-SECRET-27'],
    async drift() {
      known = { id: ['int', 4, 10, 0, false], name: sizes.name ?? [], score: ['nvarchar', 20, 0, 0, true] }
    },
    resumes: true,
  }))

  it('holds rows back while nobody takes them', async () => {
    let made = 0
    const endless = {
      columns: texts('name'),
      *rows() {
        for (;;) {
          made++
          yield ['x'.repeat(1_000)]
        }
      },
    }
    const server = await tdsServer(password, (statement) =>
      statement.startsWith('SELECT TOP') ? { columns: endless.columns, rows: endless.rows() } : answers(statement),
    )
    servers.push(server)
    const connection = await opened(server.port)
    const table = { name: 'dbo.patients', columns: [column('name', 'nvarchar(200)')], key: [], references: [], rows: undefined }
    const reading = connection.read(requestFor(table, { rowsMax: 10_000_000 }))[Symbol.asyncIterator]()
    expect((await reading.next()).value?.rowCount).toBe(65_536)
    const before = made
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(made - before).toBeLessThan(20_000)
    await reading.return?.()
    await connection.close()
  })

  it.each([
    [229, 'refused'],
    [208, 'drifted'],
    [8_134, 'unsupported'],
  ])('tells the error %i as %s, and not in the words of the server', async (number, code) => {
    const server = await tdsServer(password, () => number)
    servers.push(server)
    const fault = await (await opened(server.port)).check().catch((error) => error)
    expect(fault).toMatchObject({ code })
    expect(fault.message).not.toContain('SECRET')
  })
})

/** `mssql://user:password@host:port/database` of a server on this machine, or `…?tls` of one with a certificate; its table `dbo.gatehouse_contract` is made anew. */
const address = process.env.GATEHOUSE_TEST_MSSQL
describe.skipIf(address === undefined)('the contract, against GATEHOUSE_TEST_MSSQL', () => {
  const url = new URL(address ?? 'mssql://u:p@127.0.0.1:1433/master')
  const { hostname: host, username: user, pathname } = url
  const password = decodeURIComponent(url.password)
  const place = { host, port: Number(url.port), tls: url.searchParams.has('tls'), database: pathname.slice(1) }
  const context = connectorContext([host])
  const text = (value: unknown) =>
    value === null ? 'NULL' : typeof value === 'string' ? `N'${value.replaceAll("'", "''")}'` : String(typeof value === 'boolean' ? Number(value) : value)
  async function seed(score: string, born: string, rows: readonly string[]): Promise<void> {
    const session = await openSession(context.node.egress, place, { user, password })
    const ask = (statement: string) => session.all({ text: statement, parameters: [] })
    await ask('DROP TABLE IF EXISTS dbo.gatehouse_contract')
    await ask(`CREATE TABLE dbo.gatehouse_contract (id int NOT NULL PRIMARY KEY, name nvarchar(200), score ${score}, active bit, ${born} seen datetime2(3))`)
    for (let at = 0; at < rows.length; at += 500) await ask(`INSERT INTO dbo.gatehouse_contract VALUES ${rows.slice(at, at + 500).join(', ')}`)
    session.close()
  }
  const opened = (port: number, word: string) => sqlserver.open(context, sqlserver.settings.parse({ ...place, port }), { user, password: word })
  const seen = (row: (typeof contractRows)[number]) => text(row.seen === null ? null : String(row.seen).slice(0, -1))

  connectorContract('SQL Server', () => ({
    table: 'dbo.gatehouse_contract',
    open: async () => {
      await seed(
        'float',
        'born date,',
        contractRows.map((row) => `(${[row.id, row.name, row.score, row.active, row.born].map(text).join(', ')}, ${seen(row)})`),
      )
      return opened(place.port, password)
    },
    openWrongly: () => opened(place.port, 'wrong-SECRET-27'),
    openAt: (port) => opened(port, password),
    secrets: [password, 'wrong-SECRET-27'],
    drift: () =>
      seed(
        'bit',
        '',
        contractRows.map((row) => `(${text(row.id)}, ${text(row.name)}, NULL, ${text(row.active)}, ${seen(row)})`),
      ),
    resumes: true,
  }))
})
