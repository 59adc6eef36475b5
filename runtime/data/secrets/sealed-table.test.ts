import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openPool } from '../db.ts'
import { folderEpochs } from '../keys/epochs.ts'
import { fileKeyStore } from '../keys/file-key-store.ts'
import { openKeys } from '../keys/keys.ts'
import { migrate } from '../migrate.ts'
import { runtimeMigrations } from '../runtime-migrations.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { sealedTable } from './sealed-table.ts'
import { secretStoreContract } from './testing/secret-store-contract.ts'

const tenant = '01980000-0000-7000-8000-00000000000c' as Id<'tenant'>
const other = '01980000-0000-7000-8000-00000000000d' as Id<'tenant'>

let raw: TestDatabase
let database: Database
let directory: string

beforeAll(async () => {
  raw = await testDatabase()
  database = openPool({ connection: raw.connection, poolSize: 8 })
  await migrate(database, runtimeMigrations)
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-secrets-'))
})
afterAll(async () => {
  await database.close()
  await raw.drop()
  await rm(directory, { recursive: true, force: true })
})

async function open() {
  const root = await fileKeyStore(join(directory, 'keys/root.key'), nodePrimitives, { create: true })
  const epochs = folderEpochs([join(directory, 'keys/epochs')], root, nodePrimitives, Date.now)
  return sealedTable(database, await openKeys(database, root, epochs, nodePrimitives), { nowMs: Date.now })
}

describe('the sealed table', () => {
  secretStoreContract(open)

  it('holds no value in the clear', async () => {
    await (await open()).put(tenant, 'sources/clear', utf8('a password nobody may see'), 60)
    const rows = await database.transaction(tenant, (tx) => tx.query<{ text: string }>('SELECT t::text AS text, sealed FROM keys.stored_secret t'))
    expect(JSON.stringify(rows)).not.toContain(Buffer.from('a password nobody').toString('hex'))
  })

  it('refuses a value that was moved to another name, version or tenant', async () => {
    const store = await open()
    for (const move of ["name = 'sources/moved'", 'version = 7', `tenant_id = '${other}'`]) {
      await store.put(tenant, 'sources/from', utf8('x'), 60)
      await database.transaction('node', (tx) => tx.query(`UPDATE keys.stored_secret SET ${move} WHERE tenant_id = $1 AND name = 'sources/from'`, [tenant]))
      const [at, name] = [move.startsWith('tenant') ? other : tenant, move.startsWith('name') ? 'sources/moved' : 'sources/from']
      await expect(store.read(at, name)).rejects.toThrow(/does not open|is gone/)
      await database.transaction('node', (tx) => tx.query('DELETE FROM keys.stored_secret'))
    }
  })
})
