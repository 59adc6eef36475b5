import type { Socket } from 'node:net'
import { type TestDatabase, testDatabase } from '@gatehouse/runtime/data/testing/database'
import { type Column, type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import type { FieldType } from '@gatehouse/tabular/field'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsPerChunk } from '../connector.ts'
import { BinaryRows } from './binary-rows.ts'
import type { BinaryColumn } from './column-reader.ts'
import { copyOut } from './copy-out.ts'
import type { Wire } from './types.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

async function withClient<T>(act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(database.connection)
  client.on('error', () => {})
  await client.connect()
  try {
    return await act(client)
  } finally {
    // What refuses its rows leaves the server in the middle of them.
    ;(client as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
  }
}

const column = (name: string, wire: Wire, type: FieldType): BinaryColumn => ({ field: { name, type, sensitivity: 'plain', nullable: true }, wire })

async function read(select: string, columns: readonly BinaryColumn[]): Promise<Dataset[]> {
  const rows = new BinaryRows(columns, 7)
  const chunks: Dataset[] = []
  await withClient(async (client) => {
    const copying = copyOut(client, `COPY (${select}) TO STDOUT (FORMAT binary)`, (bytes) => rows.push(bytes))
    for await (const _ of copying) chunks.push(...rows.take())
  })
  return [...chunks, ...rows.take('rest')]
}
async function asRows<T extends object>(select: string): Promise<T[]> {
  return withClient(async (client) => (await client.query<T>(select)).rows)
}
const valuesOf = (chunk: Dataset | undefined, index: number) =>
  Array.from({ length: chunk?.rowCount ?? 0 }, (_, row) => valueAt(chunk?.columns[index] as Column, row))

describe('rows of binary COPY, as a real server sends them', () => {
  it('reads days on both sides of those that people live in, and knows none that is no date of ours', async () => {
    const days = ['1849-12-31', '1850-01-01', '1999-12-31', '2000-01-01', '2000-02-29', '2149-12-31', '2150-01-01', '0001-01-01', '9999-12-31', '1600-02-29']
    const none = ["'infinity'", "'-infinity'", "'0001-12-31 BC'", "'10000-01-01'", 'NULL']
    const all = [...days.map((day) => `'${day}'`), ...none, ...days.map((day) => `'${day}'`)]
    const [chunk] = await read(`SELECT d::date FROM unnest(ARRAY[${all.join(',')}]) d`, [column('d', 'date', 'date')])
    expect(valuesOf(chunk, 0)).toEqual([...days, ...none.map(() => null), ...days])
  })

  it('reads every day of four centuries as the server writes it, in chunks that share none of their codes', async () => {
    const chunks = await read(`SELECT d::date FROM generate_series(timestamp '1799-01-01', '2203-01-01', '1 day') d`, [column('d', 'date', 'date')])
    const rows = await asRows<{ d: string }>(`SELECT d::date::text AS d FROM generate_series(timestamp '1799-01-01', '2203-01-01', '1 day') d`)
    expect(chunks.map(({ rowCount }) => rowCount)).toEqual([rowsPerChunk, rowsPerChunk, rows.length - 2 * rowsPerChunk])
    expect(chunks.flatMap((chunk) => valuesOf(chunk, 0))).toEqual(rows.map(({ d }) => d))
  })

  it('reads instants to the millisecond: what differs by less is one value', async () => {
    const instants = ['1969-12-31T23:59:59.999Z', '2000-01-01T00:00:00.000Z', '2024-02-29T12:34:56.789Z', '1582-10-04T00:00:00.001Z']
    const all = [...instants, '2024-02-29T12:34:56.789999Z', 'infinity', ...instants].map((instant) => `'${instant}'`)
    const [chunk] = await read(`SELECT t::timestamptz FROM unnest(ARRAY[${all.join(',')}, NULL]) t`, [column('t', 'timestamp', 'instant')])
    expect(valuesOf(chunk, 0)).toEqual([...instants, '2024-02-29T12:34:56.789Z', null, ...instants, null])
    expect(chunk?.columns[0]).toHaveProperty('dictionary.length', 4)
  })

  it('reads numbers of every kind, and no value as none', async () => {
    const columns = [
      column('a', 'int2', 'integer'),
      column('b', 'int4', 'integer'),
      column('c', 'int8', 'integer'),
      column('d', 'float8', 'number'),
      column('e', 'numeric', 'number'),
      column('f', 'number', 'number'),
      column('g', 'bool', 'boolean'),
      column('h', 'uuid', 'string'),
    ]
    const [chunk] = await read(
      `SELECT * FROM (VALUES
         ((-32768)::int2, (-2147483648)::int4, (-9007199254740991)::int8, 0.1::float8, (-12345.6789)::numeric, '3.4028235e+38'::text, true, '00112233-4455-6677-8899-aabbccddeeff'::uuid),
         (32767::int2, 2147483647, 9007199254740991, 'NaN', 'NaN', '1e-45', false, 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
         (NULL, NULL, NULL, 'Infinity', NULL, NULL, NULL, NULL)) v`,
      columns,
    )
    expect(columns.map((_, index) => valuesOf(chunk, index))).toEqual([
      [-32_768, 32_767, null],
      [-2_147_483_648, 2_147_483_647, null],
      [-9_007_199_254_740_991, 9_007_199_254_740_991, null],
      [0.1, null, null],
      [-12_345.6789, null, null],
      [3.4028235e38, 1e-45, null],
      [true, false, null],
      ['00112233-4455-6677-8899-aabbccddeeff', 'ffffffff-ffff-ffff-ffff-ffffffffffff', null],
    ])
  })

  it('refuses a whole number beyond what a double holds, and names the column', async () => {
    const beyond = read('SELECT 9007199254740992::int8', [column('account', 'int8', 'integer')])
    await expect(beyond).rejects.toThrow('column account has whole numbers beyond')
  })

  it('keeps texts of any length, with the empty one and none apart', async () => {
    const select = `SELECT CASE WHEN n % 5 = 0 THEN NULL ELSE repeat(chr(224 + n % 20), n % 9) END AS t, repeat('z', n * 3000) AS long FROM generate_series(0, 99) n`
    const [chunk] = await read(select, [column('t', 'text', 'string'), column('long', 'text', 'string')])
    const rows = await asRows<{ t: string | null; long: string }>(select)
    expect(valuesOf(chunk, 0)).toEqual(rows.map(({ t }) => t))
    expect(valuesOf(chunk, 1)).toEqual(rows.map(({ long }) => long))
  })

  it('counts rows of no column', async () => {
    const chunks = await read('SELECT 1 FROM generate_series(1, 70000)', [])
    expect(chunks.map(({ rowCount }) => rowCount)).toEqual([rowsPerChunk, 70_000 - rowsPerChunk])
  })
})

describe('bytes that are no rows', () => {
  const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
  const message = (...body: readonly Buffer[]) => {
    const all = Buffer.concat(body)
    const head = Buffer.from('d\0\0\0\0')
    head.writeInt32BE(4 + all.length, 1)
    return Buffer.concat([head, all])
  }
  const field = (length: number, bytes: Buffer) => {
    const head = Buffer.alloc(4)
    head.writeInt32BE(length)
    return Buffer.concat([head, bytes])
  }

  it.each([
    ['another signature', message(Buffer.alloc(19), Buffer.from([0, 1]), field(4, Buffer.alloc(4)))],
    ['another number of columns', message(header, Buffer.from([0, 2]), field(4, Buffer.alloc(4)), field(4, Buffer.alloc(4)))],
    ['a cell that reaches beyond its message', Buffer.concat([message(header, Buffer.from([0, 1]), field(40, Buffer.alloc(4))), Buffer.alloc(100)])],
    ['a message that reaches beyond what came', message(header, Buffer.from([0, 1]), field(4, Buffer.alloc(4))).subarray(0, -1)],
  ])('are refused: %s', (_, bytes) => {
    expect(() => new BinaryRows([column('n', 'int4', 'integer')], 1).push(bytes)).toThrow('does not send rows as PostgreSQL does')
  })
})
