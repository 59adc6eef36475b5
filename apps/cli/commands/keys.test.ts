/** The ceremony end to end: the real command, its sheets, and the key that comes back. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { type Database, openPool } from '@gatehouse/runtime/data/db'
import { folderEpochs } from '@gatehouse/runtime/data/keys/epochs'
import { fileKeyStore } from '@gatehouse/runtime/data/keys/file-key-store'
import { type TestDatabase, testDatabase } from '@gatehouse/runtime/data/testing/database'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { addKeys } from './keys.ts'

let home: string
let key: string
const sheet = (number: number) => join(home, 'sheets', `share-${number}-of-5.txt`)

async function gatehouse(...words: string[]): Promise<{ ok: boolean; text: string }> {
  const said: string[] = []
  const listening = vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
  const program = new Command('gatehouse').option('--json').option('--home <folder>')
  addKeys(program)
  try {
    await program.parseAsync(['--home', home, 'keys', ...words], { from: 'user' })
    return { ok: true, text: said.join('\n') }
  } catch (error) {
    return { ok: false, text: (error as Error).message }
  } finally {
    listening.mockRestore()
  }
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'gatehouse-ceremony-'))
  await fileKeyStore(join(home, 'keys/root.key'), nodePrimitives, { create: true })
  key = await readFile(join(home, 'keys/root.key'), 'utf8')
})
afterAll(() => rm(home, { recursive: true, force: true }))

it('the root key that was lost comes back from three of five sheets, and from no two', async () => {
  expect(await gatehouse('ceremony', '--out', join(home, 'sheets'))).toMatchObject({ ok: true })
  expect((await stat(sheet(1))).mode & 0o777).toBe(0o600)
  expect(await readFile(sheet(1), 'utf8')).not.toContain(key.trim())
  expect((await gatehouse('ceremony', '--out', join(home, 'sheets'))).ok).toBe(false)
  expect((await gatehouse('recover', sheet(1), sheet(2), sheet(3))).text).toContain('exists. If it is the wrong key')

  const { number } = await folderEpochs(
    [join(home, 'keys/epochs')],
    await fileKeyStore(join(home, 'keys/root.key'), nodePrimitives, { create: false }),
    nodePrimitives,
    Date.now,
  ).newest()
  await rm(join(home, 'keys/root.key'))
  expect((await gatehouse('recover', sheet(1), sheet(4))).text).toContain('2 of the 3 shares that are needed were given')
  const typed = (await readFile(sheet(5), 'utf8')).replace(/^3: (.)/m, (_, letter: string) => `3: ${letter === 'A' ? 'B' : 'A'}`)
  await writeFile(join(home, 'typed.txt'), typed)
  expect((await gatehouse('recover', sheet(1), sheet(4), join(home, 'typed.txt'))).text).toContain('typed.txt: line 3 was mistyped')
  await expect(stat(join(home, 'keys/root.key'))).rejects.toMatchObject({ code: 'ENOENT' })

  expect(await gatehouse('recover', sheet(5), sheet(1), sheet(4))).toMatchObject({ ok: true })
  expect(await readFile(join(home, 'keys/root.key'), 'utf8')).toBe(key)
  const store = await fileKeyStore(join(home, 'keys/root.key'), nodePrimitives, { create: false })
  expect((await folderEpochs([join(home, 'keys/epochs')], store, nodePrimitives, Date.now).key(number)).key).toHaveLength(32)
})

describe('the root key stays where it is', () => {
  let postgres: TestDatabase
  let database: Database
  beforeAll(async () => {
    postgres = await testDatabase()
    database = openPool({ connection: postgres.connection, poolSize: 2 })
    const { host, port, user, database: name } = postgres.connection
    vi.stubEnv('GATEHOUSE_PKCS11_PIN', '1234')
    vi.stubEnv('DATABASE_URL', `postgresql://${user}@/${name}?host=${encodeURIComponent(host)}&port=${port}`)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await database.close()
    await postgres.drop()
  })
  const target = 'pkcs11:/nowhere/lib.so?token=gatehouse&key=root'
  const place = (sql: string) => database.transaction('node', (tx) => tx.query(sql))

  it('while keys lie under it alone, in a database of today and of before epochs, and says what to do', async () => {
    const words = /^1 keys lie under the root key alone, from a version without epochs, and would be lost\. Start the node/
    await place('CREATE SCHEMA keys')
    await place('CREATE TABLE keys.kek (tenant_id uuid, version integer, wrapped bytea)')
    await place(`INSERT INTO keys.kek VALUES ('01980000-0000-7000-8000-00000000000a', 1, '\\x00')`)
    expect((await gatehouse('move', target)).text).toMatch(words)
    await place('ALTER TABLE keys.kek ADD COLUMN epoch integer')
    expect((await gatehouse('move', target)).text).toMatch(words)
  })

  it('where the other place cannot be reached', async () => {
    await place('UPDATE keys.kek SET epoch = 1')
    expect((await gatehouse('move', target)).text).toContain('cannot be loaded')
    expect((await gatehouse('move', 'file')).text).toContain('lies in a file already')
  })
})
