import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { toHex } from '@gatehouse/crypto/bytes'
import { wrapKey } from '@gatehouse/crypto/envelope'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nodeTenant } from '../../base/context.ts'
import { type Database, openPool } from '../db.ts'
import { forgetTenantRows } from '../forget-tenant.ts'
import { migrate } from '../migrate.ts'
import { runtimeMigrations } from '../runtime-migrations.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { watchEnded } from './ended.ts'
import { folderEpochs } from './epochs.ts'
import { fileKeyStore } from './file-key-store.ts'
import { KeyStoreError } from './key-store.ts'
import { type Keys, openKeys } from './keys.ts'
import { countUnderRoot, endKeys, insertKek, isSealed, keysEnded, listKeyHolders } from './store.ts'

const tenantA = '01980000-0000-7000-8000-00000000000a' as Id<'tenant'>
const tenantB = '01980000-0000-7000-8000-00000000000b' as Id<'tenant'>

let raw: TestDatabase
let database: Database
let path: string

beforeAll(async () => {
  raw = await testDatabase()
  database = openPool({ connection: raw.connection, poolSize: 6 })
  await migrate(database, runtimeMigrations)
})
afterAll(async () => {
  await database.close()
  await raw.drop()
})
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'gatehouse-keys-')), 'keys/root.key')
  await database.transaction('node', (tx) => tx.query('DELETE FROM keys.secret'))
  await database.transaction('node', (tx) => tx.query('DELETE FROM keys.kek'))
})

const store = (create = true) => fileKeyStore(path, nodePrimitives, { create })
async function keysOfProcess(on: Database = database): Promise<Keys> {
  const root = await store()
  return openKeys(on, root, folderEpochs([join(path, '../epochs')], root, nodePrimitives, Date.now), nodePrimitives)
}

describe('the root key', () => {
  it('that is missing from a sealed database is not made anew: the words say what was lost', async () => {
    await keysOfProcess()
    expect(await database.transaction('node', isSealed)).toBe(true)
    await rm(path)
    await expect(store(false)).rejects.toThrow(
      `the root key file ${path} is missing, but this database was sealed with one. Put the file back from its backup, or from its sheets`,
    )
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('of another node does not open this database', async () => {
    await keysOfProcess()
    await rm(path)
    await expect(keysOfProcess()).rejects.toThrow('the root key does not open the key of epoch 1: it belongs to another node')
  })

  it.each([0o640, 0o604, 0o644])('that others can read (%i) is refused with the command that mends it', async (mode) => {
    await store()
    await chmod(path, mode)
    await expect(store()).rejects.toThrow(new KeyStoreError(`the root key file ${path} can be read by others; run: chmod 600 ${path}`))
  })

  it.each(['', 'abc', 'g'.repeat(64), 'a'.repeat(66)])('that is no key is refused without being shown: %j', async (text) => {
    await store()
    await writeFile(path, text)
    await expect(store()).rejects.toThrow('does not hold a key: 64 hexadecimal digits are expected')
    if (text.length > 3) await expect(store()).rejects.not.toThrow(text)
  })

  it('is made for its owner alone, in a folder for its owner alone', async () => {
    await store()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700)
    expect(await readFile(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  })

  it('is one and the same for processes that make it together', async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => store()))
    const wrapped = await stores[0]?.wrap(new Uint8Array(32).fill(7), ['test'])
    for (const each of stores) expect(toHex((await each.unwrap(wrapped as Uint8Array, ['test'])) as Uint8Array)).toBe('07'.repeat(32))
  })

  it('binds what it wraps to its context', async () => {
    const keys = await store()
    const wrapped = await keys.wrap(new Uint8Array(32), ['kek', tenantA, '1'])
    expect(await keys.unwrap(wrapped, ['kek', tenantB, '1'])).toBeUndefined()
    expect(await keys.unwrap(wrapped, ['kek', tenantA, '2'])).toBeUndefined()
    expect(await keys.unwrap(wrapped.with(-1, (wrapped.at(-1) as number) ^ 1), ['kek', tenantA, '1'])).toBeUndefined()
  })
})

describe('a secret', () => {
  it('is the same for two processes that first ask for it together, and after a start', async () => {
    const processes = await Promise.all([keysOfProcess(), keysOfProcess()])
    const secrets = await Promise.all([...processes, ...processes].map((keys) => keys.secret(tenantA, 'subjects/index')))
    const later = await (await keysOfProcess()).secret(tenantA, 'subjects/index')
    expect(new Set([...secrets, later].map(toHex)).size).toBe(1)
    expect(later).toHaveLength(32)
  })

  it('differs by name and by tenant', async () => {
    const keys = await keysOfProcess()
    const secrets = await Promise.all([keys.secret(tenantA, 'a'), keys.secret(tenantA, 'b'), keys.secret(tenantB, 'a')])
    expect(new Set(secrets.map(toHex)).size).toBe(3)
  })

  it('that was moved to another name or tenant does not open', async () => {
    const keys = await keysOfProcess()
    await Promise.all([keys.secret(tenantA, 'a'), keys.secret(tenantB, 'a')])
    await database.transaction(tenantA, (tx) => tx.query("UPDATE keys.secret SET name = 'b'"))
    await expect((await keysOfProcess()).secret(tenantA, 'b')).rejects.toThrow('the secret b does not open')
    await database.transaction('node', (tx) =>
      tx.query('UPDATE keys.secret SET wrapped = (SELECT wrapped FROM keys.secret WHERE tenant_id = $1) WHERE tenant_id = $2', [tenantA, tenantB]),
    )
    await expect((await keysOfProcess()).secret(tenantB, 'a')).rejects.toThrow('the secret a does not open')
  })

  it('lies in the database wrapped and never in the clear', async () => {
    const secret = await (await keysOfProcess()).secret(tenantA, 'a')
    const rows = await database.transaction(tenantA, (tx) => tx.query<{ wrapped: Buffer }>('SELECT wrapped FROM keys.secret'))
    for (const { wrapped } of rows) expect(wrapped.includes(Buffer.from(secret))).toBe(false)
  })

  it.each(['', 'UPPER', '../up', 'a b'])('has a plain name: %j', async (name) => {
    const keys = await keysOfProcess()
    expect(() => keys.secret(tenantA, name)).toThrow(TypeError)
  })

  it('that could not be read because the database was away is read once it is back', async () => {
    const keys = await keysOfProcess()
    const away = openPool({ connection: raw.connection, poolSize: 2 })
    let down = false
    const flaky: Database = { ...away, transaction: (tenant, act) => (down ? Promise.reject(new Error('away')) : away.transaction(tenant, act)) }
    const other = await keysOfProcess(flaky)
    down = true
    await expect(other.secret(tenantA, 'a')).rejects.toThrow('away')
    down = false
    expect(toHex(await other.secret(tenantA, 'a'))).toBe(toHex(await keys.secret(tenantA, 'a')))
    await away.close()
  })
})

it('a key-encryption key that is gone is named by its version', async () => {
  const keys = await keysOfProcess()
  expect((await keys.kek(tenantA)).version).toBe(1)
  expect(await keys.kekVersion(tenantA, 1)).toEqual(await keys.kek(tenantA))
  await expect(keys.kekVersion(tenantA, 2)).rejects.toThrow('key-encryption key version 2 of the tenant is gone')
})

it('a signer has the named secret for its seed: two processes sign alike', async () => {
  const [one, other] = await Promise.all([keysOfProcess(), keysOfProcess()])
  const message = new TextEncoder().encode('checkpoint')
  const [a, b] = await Promise.all([one.signer(tenantA, 'log/signing'), other.signer(tenantA, 'log/signing')])
  expect(toHex(a.sign(message))).toBe(toHex(b.sign(message)))
})

describe('the keys of an institution that was erased', () => {
  /** What the erasure does, in another process. */
  async function erase(tenant: Id<'tenant'>): Promise<void> {
    await database.transaction('node', (tx) => endKeys(tx, tenant))
    await forgetTenantRows(database, tenant, () => true)
  }
  const rowsOf = (tenant: Id<'tenant'>) => database.transaction(tenant, (tx) => tx.query('SELECT version FROM keys.kek WHERE tenant_id = $1', [tenant]))
  const fresh = () => `01980000-0000-7000-8000-${toHex(nodePrimitives.randomBytes(6))}` as Id<'tenant'>

  it('are gone from every process within a second or so, while those of others stay', async () => {
    const tenant = fresh()
    const [one, other] = [await keysOfProcess(), await keysOfProcess()]
    const watches = [one, other].map((keys) => watchEnded(database, keys))
    for (const keys of [one, other]) for (const owner of [tenant, tenantB]) await keys.signer(owner, 'a')
    await erase(tenant)
    const began = Date.now()
    for (const keys of [one, other])
      while (await keys.secret(tenant, 'a').then(Boolean, () => false)) {
        expect(Date.now() - began).toBeLessThan(3_000)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    for (const keys of [one, other]) {
      await expect(keys.kekVersion(tenant, 1)).rejects.toThrow('the institution was erased; its keys are gone')
      await expect(keys.signer(tenant, 'a')).rejects.toThrow('its keys are gone')
      expect(await keys.secret(tenantB, 'a')).toHaveLength(32)
    }
    await Promise.all(watches.map((watch) => watch.stop()))
  })

  it('are never made anew, by a process that has not heard of it either', async () => {
    const tenant = fresh()
    await (await keysOfProcess()).kek(tenant)
    await erase(tenant)
    for (const act of [
      (keys: Keys) => keys.kek(tenant),
      (keys: Keys) => keys.secret(tenant, 'a'),
      (keys: Keys) => keys.signer(tenant, 'a'),
      (keys: Keys) => keys.advance(tenant),
    ])
      await expect(act(await keysOfProcess())).rejects.toThrow('the institution was erased; its keys are gone')
    expect(await rowsOf(tenant)).toEqual([])
  })

  it('are not made anew by whoever was making one at that very moment', async () => {
    const tenant = fresh()
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    const making = database.transaction(tenant, async (tx) => {
      expect(await keysEnded(tx)).toBe(false)
      await held
      await insertKek(tx, { version: 1, epoch: 1, own_epoch: true, wrapped: new Uint8Array(60) })
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const erasing = erase(tenant)
    await new Promise((resolve) => setTimeout(resolve, 50))
    go()
    await Promise.all([making, erasing])
    expect(await rowsOf(tenant)).toEqual([])
  })
})

it('a tenant key lies under an epoch of the tenant’s own, the node’s under the node’s', async () => {
  const keys = await keysOfProcess()
  await keys.kek(tenantA)
  const rows = await database.transaction('node', (tx) => tx.query('SELECT tenant_id, epoch, own_epoch FROM keys.kek ORDER BY tenant_id'))
  expect(rows).toEqual([
    { tenant_id: nodeTenant, epoch: 1, own_epoch: null },
    { tenant_id: tenantA, epoch: 1, own_epoch: true },
  ])
  expect(await keys.epochs.tenants()).toEqual([tenantA])
})

it('a tenant key from before that still opens, under an epoch of the node or under the root key alone, and the next one is of the tenant’s own', async () => {
  const keys = await keysOfProcess()
  const epoch = await keys.epochs.newest()
  const [a, b] = [nodePrimitives.randomBytes(32), nodePrimitives.randomBytes(32)]
  const underNode = wrapKey(nodePrimitives, epoch.key, a, ['gatehouse/kek/v2', tenantA, '1', String(epoch.number)])
  const underRoot = await (await store()).wrap(b, ['gatehouse/kek/v1', tenantB, '1'])
  await database.transaction(tenantA, (tx) => insertKek(tx, { version: 1, epoch: epoch.number, own_epoch: null, wrapped: underNode }))
  await database.transaction(tenantB, (tx) => insertKek(tx, { version: 1, epoch: null, own_epoch: null, wrapped: underRoot }))
  expect(await database.transaction('node', countUnderRoot)).toBe(1)
  expect([toHex((await keys.kek(tenantA)).key), toHex((await keys.kek(tenantB)).key)]).toEqual([toHex(a), toHex(b)])
  for (const tenant of [tenantA, tenantB]) await keys.advance(tenant)
  expect(await database.transaction('node', listKeyHolders)).toEqual([
    { tenant: nodeTenant, epoch: 1, own_epoch: null, older: false },
    { tenant: tenantA, epoch: 1, own_epoch: true, older: true },
    { tenant: tenantB, epoch: 1, own_epoch: true, older: true },
  ])
})
