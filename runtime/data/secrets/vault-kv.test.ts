/** The contract over the key-value engine: against a server of the tests' own, and against any real one that the environment names. */
import type { Id } from '@gatehouse/core/id'
import { utf8 } from '@gatehouse/crypto/bytes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEgress } from '../egress.ts'
import { SecretStoreError } from './secret-store.ts'
import { type KvServer, kvToken, startKv } from './testing/kv-server.ts'
import { secretStoreContract } from './testing/secret-store-contract.ts'
import { vaultKv } from './vault-kv.ts'

const tenant = '01980000-0000-7000-8000-00000000000a' as Id<'tenant'>
const other = '01980000-0000-7000-8000-00000000000b' as Id<'tenant'>
const clock = { nowMs: Date.now }

describe('a key-value engine (a server of the tests’ own)', () => {
  const egress = openEgress({ allow: ['127.0.0.1'] })
  let server: KvServer
  beforeAll(async () => {
    server = await startKv()
  })
  afterAll(async () => {
    await egress.close()
    await server.close()
  })
  const open = async (more: object = {}) => vaultKv(egress, { address: server.address, mount: 'secret', folder: 'gatehouse', token: kvToken, ...more }, clock)

  it('that refuses the token, or is away, is named, and nothing of the secret is', async () => {
    for (const store of [await open({ token: 'wrong' }), await open({ address: 'http://127.0.0.1:1' })])
      for (const act of [store.put(tenant, 'a', utf8('hush'), 60), store.read(tenant, 'a'), store.list(tenant), store.delete(tenant, 'a')]) {
        const error = await act.catch((caught: unknown) => caught)
        expect(error).toBeInstanceOf(SecretStoreError)
        expect(String(error)).not.toMatch(/hush|wrong/)
      }
  })

  it('in which somebody else wrote something else is told, not guessed at', async () => {
    await fetch(`${server.address}/v1/secret/data/gatehouse/${tenant}/foreign`, {
      method: 'POST',
      headers: { 'x-vault-token': kvToken },
      body: JSON.stringify({ data: { password: 'theirs' } }),
    })
    await expect((await open()).read(tenant, 'foreign')).rejects.toThrow('somebody else wrote there')
    await fetch(`${server.address}/v1/secret/metadata/gatehouse/${tenant}/foreign`, { method: 'DELETE', headers: { 'x-vault-token': kvToken } })
  })

  secretStoreContract(open)

  it('keeps no more than two versions, and forgets one tenant and no other', async () => {
    const store = await open()
    for (const value of ['one', 'two', 'three']) await store.put(tenant, 'deep/er/name', utf8(value), 60)
    await store.put(other, 'deep/er/name', utf8('theirs'), 60)
    expect([...(server.entries.get(`gatehouse/${tenant}/deep/er/name`)?.versions.keys() ?? [])]).toEqual([2, 3])
    expect((await store.list(tenant)).map(({ name }) => name)).toContain('deep/er/name')
    expect(await store.forget?.(tenant)).toBeGreaterThan(0)
    expect(await store.list(tenant)).toEqual([])
    expect([...server.entries.keys()].filter((path) => path.includes(tenant))).toEqual([])
    expect((await store.list(other)).map(({ name }) => name)).toEqual(['deep/er/name'])
  })
})

const { GATEHOUSE_TEST_VAULT_ADDR: address, GATEHOUSE_TEST_VAULT_TOKEN: token } = process.env
const given = address !== undefined && token !== undefined

describe.skipIf(!given)(`a key-value engine of a real server${given ? '' : ' (GATEHOUSE_TEST_VAULT_ADDR is not set: not verified)'}`, () => {
  const egress = openEgress({ allow: [new URL(address ?? 'http://localhost').hostname] })
  afterAll(() => egress.close())
  beforeAll(async () => {
    const headers = { 'x-vault-token': token ?? '', 'content-type': 'application/json' }
    await fetch(`${address}/v1/sys/mounts/gatehouse-kv`, { method: 'POST', headers, body: '{"type":"kv","options":{"version":"2"}}' })
  })
  secretStoreContract(async () => vaultKv(egress, { address: address ?? '', mount: 'gatehouse-kv', folder: 'tests', token: token ?? '' }, clock))
})
