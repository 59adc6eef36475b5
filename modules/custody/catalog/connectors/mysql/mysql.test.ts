import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@gatehouse/runtime/base/testing/free-port'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DiscoveredColumn } from '../connector.ts'
import { connectorContract } from '../testing/connector-contract.ts'
import { connectorContext } from '../testing/context.ts'
import { contractRows } from '../testing/contract-rows.ts'
import { mysql } from './connector.ts'
import { ticked } from './names.ts'
import { finds, selection } from './statement.ts'
import { cellOf, readingOf } from './types.ts'

const column = (name: string, physical: string): DiscoveredColumn => ({
  column: name,
  physical,
  field: { name, type: readingOf(physical)?.type ?? 'string', sensitivity: 'plain', nullable: true },
})

describe('a statement', () => {
  it('holds names in backticks and no value', () => {
    const hostile = column('x` OR 1=1; --', 'varchar(10)')
    const where = {
      any: [
        { column: hostile.column, is: 'eq' as const, value: "' OR '1'='1" },
        { column: hostile.column, starts_with: '50%_|' },
      ],
    }
    expect(selection({ table: 'a`; DROP TABLE b', columns: [hostile], columnOf: () => hostile, hint: where, order: [], after: undefined, limit: 2.5 })).toEqual(
      {
        text: "SELECT `x`` OR 1=1; --` FROM `a``; DROP TABLE b` WHERE ((`x`` OR 1=1; --` = ?) OR (`x`` OR 1=1; --` LIKE ? ESCAPE '|')) LIMIT 2",
        values: ["' OR '1'='1", '50|%|_||%'],
      },
    )
    expect(ticked('``')).toBe('``````')
  })

  it('asks the server for no comparison that it may mean more narrowly', () => {
    expect(finds({ column: 'n', is: 'ne', value: 'Ana' }, column('n', 'varchar(9)'))).toBe(false)
    expect(finds({ column: 'n', is: 'gt', value: 'Ana' }, column('n', 'varchar(9)'))).toBe(false)
    expect(finds({ column: 'n', is: 'eq', value: 0.5 }, column('n', 'decimal(9,2)'))).toBe(false)
    expect(finds({ column: 'n', missing: true }, column('n', 'date'))).toBe(false)
    expect(finds({ column: 'n', is: 'eq', value: 'ana' }, column('n', 'varchar(9)'))).toBe(true)
  })
})

it.each([
  ['0000-00-00', 'date', null],
  ['2020-00-01', 'date', null],
  ['2020-02-01', 'date', '2020-02-01'],
  ['0000-00-00 00:00:00', 'datetime', null],
  ['2020-02-01 10:11:12.5', 'datetime(1)', '2020-02-01T10:11:12.500Z'],
  [2, 'tinyint(1)', true],
  [2, 'tinyint(4)', 2],
  ['9007199254740993', 'bigint(20)', '9007199254740993'],
])('%s of type %s is read as %s', (value, physical, cell) => expect(cellOf(value, physical)).toBe(cell))

/** Debian's server, started here on a folder and a port of its own. */
const server = (() => {
  try {
    return execFileSync('which', ['mariadbd', 'mariadb-install-db'], { encoding: 'utf8' }).trim().split('\n')
  } catch {
    return undefined
  }
})()
const root = process.getuid?.() === 0

describe.skipIf(server === undefined || !root)('MariaDB (skipped where mariadb-server is not installed, or the test is not root)', () => {
  const login = { user: 'reader', password: 'right-secret' }
  let folder: string
  let child: ChildProcess | undefined
  let port: number

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-mariadb-'))
    const [daemon = '', install = ''] = server ?? []
    const data = join(folder, 'data')
    execFileSync(install, ['--no-defaults', `--datadir=${data}`, '--user=root', '--auth-root-authentication-method=normal', '--skip-test-db'], {
      stdio: 'ignore',
    })
    port = await freePort()
    child = spawn(
      daemon,
      [
        '--no-defaults',
        '--user=root',
        `--datadir=${data}`,
        `--socket=${join(folder, 'm.sock')}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--innodb-flush-log-at-trx-commit=0',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    await new Promise<void>((resolve, reject) => {
      child?.stderr?.on('data', (text: Buffer) => text.includes('ready for connections') && resolve())
      child?.once('exit', () => reject(new Error('mariadbd ended')))
    })
    await asRoot(async (run) => {
      await run('CREATE DATABASE hospital CHARACTER SET utf8mb4')
      await run(`CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'right-secret'`)
      await run(`GRANT SELECT ON hospital.* TO reader@'127.0.0.1'`)
      await run('CREATE TABLE hospital.contract (id int PRIMARY KEY, name varchar(100), score double, active tinyint(1), born date, seen datetime(3))')
      for (const row of contractRows) {
        const seen = row.seen === null ? null : String(row.seen).replace('T', ' ').replace('Z', '')
        await run('INSERT INTO hospital.contract VALUES (?, ?, ?, ?, ?, ?)', [row.id, row.name, row.score, row.active, row.born, seen])
      }
    })
  })
  afterAll(async () => {
    if (child?.exitCode === null) {
      child.kill()
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  })

  async function asRoot(act: (run: (sql: string, values?: unknown[]) => Promise<unknown>) => Promise<void>): Promise<void> {
    const connection = await createConnection({ socketPath: join(folder, 'm.sock'), user: 'root' })
    try {
      await act((sql, values = []) => connection.query(sql, values))
    } finally {
      await connection.end()
    }
  }
  const open = (more: object = {}, as: object = login) =>
    mysql.open(connectorContext(['127.0.0.1']), mysql.settings.parse({ host: '127.0.0.1', port, tls: false, database: 'hospital', ...more }), as)

  connectorContract('MariaDB', () => ({
    table: 'contract',
    open,
    openWrongly: () => open({}, { ...login, password: 'wrong-secret' }),
    openAt: (elsewhere) => open({ port: elsewhere }),
    secrets: ['right-secret', 'wrong-secret'],
    resumes: true,
    drift: () => asRoot(async (run) => void (await run('ALTER TABLE hospital.contract DROP COLUMN born, MODIFY score text'))),
  }))

  it('says of a user who may only read that nothing can be written', async () => {
    const connection = await open()
    expect(await connection.check()).toMatchObject({ server: expect.stringMatching(/^MariaDB \d/), readOnly: true })
    await connection.close()
  })
})
