/** What every SecretStore keeps. Real time, because a store in another process has a clock of its own. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Id } from '@gatehouse/core/id'
import { utf8, utf8Text } from '@gatehouse/crypto/bytes'
import { expect, it } from 'vitest'
import { type SecretStore, SecretStoreError, secretBytesMax } from '../secret-store.ts'

const ours = '01980000-0000-7000-8000-00000000000a' as Id<'tenant'>
const others = '01980000-0000-7000-8000-00000000000b' as Id<'tenant'>

/** @param open a second call gives another process's view of the same store */
export function secretStoreContract(open: () => Promise<SecretStore>): void {
  const nameOf = (() => {
    let count = 0
    return () => `sources/t${Date.now().toString(36)}-${process.pid}-${count++}`
  })()
  const text = async (store: SecretStore, name: string, version?: number) => {
    const found = await store.read(ours, name, version)
    return found && utf8Text(found.value)
  }

  it.each(['', 'UP/per', '../up', 'a//b', '/a', 'a/', 'a b', 'a/b/c/d/e', '1a', 'a/../b'])('refuses the name %j', async (name) => {
    const store = await open()
    await expect(store.put(ours, name, utf8('x'), 60)).rejects.toThrow(SecretStoreError)
    await expect(store.read(ours, name)).rejects.toThrow(SecretStoreError)
    await expect(store.delete(ours, name)).rejects.toThrow(SecretStoreError)
  })

  it('refuses a value or a lease that is out of bounds, and says nothing of the value', async () => {
    const store = await open()
    const name = nameOf()
    for (const value of [new Uint8Array(), new Uint8Array(secretBytesMax + 1)]) await expect(store.put(ours, name, value, 60)).rejects.toThrow(SecretStoreError)
    for (const lease of [0, -1, 1.5, 86_401, Number.NaN]) await expect(store.put(ours, name, utf8('hush'), lease)).rejects.not.toThrow('hush')
    expect(await store.describe(ours, name)).toBeUndefined()
  })

  it('knows nothing of what was never put, or was deleted, whatever its leases said', async () => {
    const store = await open()
    const name = nameOf()
    expect([await store.read(ours, name), await store.describe(ours, name), await store.delete(ours, name)]).toEqual([undefined, undefined, false])
    await store.put(ours, name, utf8('one'), 3600)
    await store.put(ours, name, utf8('two'), 3600)
    expect(await store.delete(ours, name)).toBe(true)
    expect([await store.read(ours, name), await store.read(ours, name, 1), await store.describe(ours, name)]).toEqual([undefined, undefined, undefined])
  })

  it('never shows one tenant what another put', async () => {
    const store = await open()
    const name = nameOf()
    await store.put(ours, name, utf8('ours'), 60)
    expect(await store.read(others, name)).toBeUndefined()
    expect(await store.describe(others, name)).toBeUndefined()
    expect((await store.list(others)).map((facts) => facts.name)).not.toContain(name)
    expect(await store.delete(others, name)).toBe(false)
    expect(await text(store, name)).toBe('ours')
  })

  it('gives another process what this one put, whatever its bytes', async () => {
    const [one, other] = await Promise.all([open(), open()])
    const name = nameOf()
    const value = Uint8Array.from({ length: 256 }, (_, index) => index)
    const facts = await one.put(ours, name, value, 60)
    expect(facts).toMatchObject({ name, version: 1, leaseSeconds: 60 })
    expect(Buffer.from((await other.read(ours, name))?.value ?? []).toString('hex')).toBe(Buffer.from(value).toString('hex'))
    expect(await other.describe(ours, name)).toEqual(facts)
    expect(await other.list(ours)).toContainEqual(facts)
  })

  it('keeps the version before for one lease, and no longer', async () => {
    const store = await open()
    const name = nameOf()
    await store.put(ours, name, utf8('old'), 2)
    const held = await store.read(ours, name)
    expect((held?.leaseEndsMs ?? 0) - Date.now()).toBeLessThanOrEqual(2_000)
    const facts = await store.put(ours, name, utf8('new'), 2)
    expect(facts.version).toBe(2)
    expect(facts.earlierUntilMs).toBeGreaterThan(Date.now())
    expect([await text(store, name), await text(store, name, 1), await text(store, name, 3)]).toEqual(['new', 'old', undefined])
    expect((await store.read(ours, name, 1))?.leaseEndsMs).toBeLessThanOrEqual(facts.earlierUntilMs ?? 0)
    await sleep(2_300)
    expect([await text(store, name), await text(store, name, 1)]).toEqual(['new', undefined])
    expect((await store.describe(ours, name))?.earlierUntilMs).toBeUndefined()
  })

  it('makes a version of each of several that put at once', async () => {
    const stores = await Promise.all([open(), open()])
    const name = nameOf()
    const facts = await Promise.all(Array.from({ length: 6 }, (_, index) => (stores[index % 2] as SecretStore).put(ours, name, utf8(`value ${index}`), 60)))
    expect(facts.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6])
    expect((await stores[0]?.describe(ours, name))?.version).toBe(6)
  })
}
