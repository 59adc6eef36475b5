import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { loadPlugins } from '@gatehouse/runtime/base/plugins'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { duckdb } from '../../../../examples/source-plugins/duckdb/duckdb.mjs'
import type { Connector } from './connector.ts'
import { pluginConnectors } from './plugins.ts'
import { connectorContract } from './testing/connector-contract.ts'
import { connectorContext } from './testing/context.ts'
import { contractRows } from './testing/contract-rows.ts'
import { requestFor, rowsRead, tableNamed } from './testing/reading.ts'

const context = connectorContext([])
let folder: string
const file = 'warehouse.duckdb'
const opened = (connector: Connector<never> | ReturnType<typeof duckdb>, name = file) => (connector as Connector).open(context, { file: name }, undefined)

async function fill(name: string, ...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, name))
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}
const text = (value: unknown) => (value === null ? 'NULL' : typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value))
const rowsAs = (columns: readonly string[]) => contractRows.map((row) => `(${columns.map((column) => text(row[column])).join(', ')})`).join(', ')

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-warehouses-')))
  await fill(
    file,
    'CREATE TABLE contract (id INTEGER PRIMARY KEY, name VARCHAR, score DOUBLE, active BOOLEAN, born DATE, seen TIMESTAMP)',
    `INSERT INTO contract VALUES ${rowsAs(['id', 'name', 'score', 'active', 'born', 'seen'])}`,
    `CREATE TABLE odd ("a"";--" DECIMAL(10,2), bytes BLOB, list VARCHAR[], far TIMESTAMP, huge HUGEINT, zoned TIMESTAMPTZ)`,
    `INSERT INTO odd VALUES (72.50, 'x'::BLOB, ['a'], 'infinity', 12345678901234567890, '2026-01-01 00:00:00+02')`,
  )
  await writeFile(join(folder, 'own.mjs'), `export default { kind: 'own', title: 'Own', settings: 1 }\n`)
  await writeFile(join(folder, 'broken.mjs'), `throw new Error('no licence')\n`)
})
afterAll(() => rm(folder, { recursive: true }))

describe('a plug-in', () => {
  const good = { kind: 'own', title: 'Own', settings: z.strictObject({}), secret: undefined, resumes: false, open: () => undefined }
  const brought = (value: unknown, taken: readonly string[] = []) => pluginConnectors({ sourcePlugins: [{ from: '/own.mjs', value }] }, new Set(taken))

  it.each([
    ['nothing', undefined, 'it is no object'],
    ['a kind that could be a path', { ...good, kind: '../x' }, '`kind` is a word'],
    ['settings that are no schema', { ...good, settings: { safeParse: true } }, '`settings` is a zod schema'],
    ['a secret that is no schema', { ...good, secret: {} }, '`secret` is a zod schema'],
    ['no word on going on', { ...good, resumes: undefined }, '`resumes` is true or false'],
    ['nothing to open', { ...good, open: undefined }, '`open` is a function'],
  ])('that brings %s is refused', (_, value, words) => {
    expect(() => brought(value)).toThrow(`the default export of /own.mjs is no connector: ${words}`)
  })

  it('takes the place of no other kind', () => {
    expect(() => brought(good, ['own'])).toThrow('/own.mjs brings the kind own, which there is already')
    expect(brought(good)).toEqual([good])
  })

  it('that cannot be loaded stops the start, and says why', async () => {
    await expect(loadPlugins('GATEHOUSE_SOURCE_PLUGINS', [join(folder, 'broken.mjs')])).rejects.toThrow(
      /^GATEHOUSE_SOURCE_PLUGINS: .*broken\.mjs could not be loaded: no licence$/,
    )
    await expect(loadPlugins('GATEHOUSE_SOURCE_PLUGINS', ['no-such-package'])).rejects.toThrow('no-such-package could not be loaded')
    const loaded = await loadPlugins('GATEHOUSE_SOURCE_PLUGINS', [join(folder, 'own.mjs')])
    expect(loaded).toMatchObject([{ value: { kind: 'own' } }])
  })
})

describe('the worked example, DuckDB', () => {
  it.each(['../warehouse.duckdb', '/etc/passwd', 'warehouse.duckdb/../x.duckdb', '.duckdb', 'a b.duckdb', 'http://x/w.duckdb'])('takes no file %s', (name) => {
    expect(duckdb({ folder }).settings.safeParse({ file: name }).success).toBe(false)
  })

  it('opens no file that is not there, that is no database, and that a link leads to', async () => {
    await writeFile(join(folder, 'text.duckdb'), 'not a database')
    await symlink('/etc/hostname', join(folder, 'link.duckdb'))
    for (const name of ['absent.duckdb', 'text.duckdb', 'link.duckdb'])
      await expect(opened(duckdb({ folder }), name)).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining(name) })
  })

  it('reads what a double does not hold as it is written, and has no column of bytes', async () => {
    const connection = await opened(duckdb({ folder }))
    const odd = await tableNamed(connection, 'main.odd')
    expect(await rowsRead(connection, requestFor(odd))).toEqual([
      { a: 72.5, list: '[a]', far: null, huge: '12345678901234567890', zoned: '2025-12-31T22:00:00.000Z' },
    ])
    await connection.close()
  })

  it('names a column that is gone or of another type', async () => {
    await fill(
      'drifted.duckdb',
      'CREATE TABLE contract (id INTEGER PRIMARY KEY, name VARCHAR, score VARCHAR)',
      `INSERT INTO contract VALUES ${rowsAs(['id', 'name', 'score'])}`,
    )
    const before = await opened(duckdb({ folder }))
    const table = await tableNamed(before, 'main.contract')
    await before.close()
    const connection = await opened(duckdb({ folder }), 'drifted.duckdb')
    for (const column of ['born', 'score']) {
      await expect(rowsRead(connection, requestFor(table, { columns: [column] }))).rejects.toMatchObject({
        code: 'drifted',
        message: expect.stringContaining(column),
      })
    }
    await connection.close()
  })

  it('never ends as though it were whole where a statement fails behind its first rows', async () => {
    await fill('failing.duckdb', `CREATE VIEW late AS SELECT CASE WHEN range = 150000 THEN error('late') ELSE range END AS id FROM range(200000)`)
    const connection = await opened(duckdb({ folder }), 'failing.duckdb')
    await expect(rowsRead(connection, requestFor(await tableNamed(connection, 'main.late')))).rejects.toMatchObject({
      code: 'unreachable',
      message: 'failing.duckdb broke off while main.late was read',
    })
    await connection.close()
  })

  // A file has no port: what is not there is another file.
  connectorContract('DuckDB', () => ({
    table: 'main.contract',
    open: () => opened(duckdb({ folder })),
    openAt: () => opened(duckdb({ folder }), 'absent.duckdb'),
    secrets: ['/srv/secret'],
    resumes: true,
  }))
})
