/** What every KeyStore keeps. */
import { toHex } from '@gatehouse/crypto/bytes'
import { expect, it } from 'vitest'
import type { KeyStore } from '../key-store.ts'

/** @param open a second call gives another process's view of the same root key */
export function keyStoreContract(open: () => Promise<KeyStore>): void {
  const key = new Uint8Array(32).map((_, index) => index * 7)
  const context = ['gatehouse/test/v1', 'tenant', '1']

  it('refuses a context that is another, is cut elsewhere, or is missing a part', async () => {
    const store = await open()
    const wrapped = await store.wrap(key, context)
    for (const other of [['gatehouse/test/v1', 'tenant', '2'], ['gatehouse/test/v1', 'tenant'], ['gatehouse/test/v1', 'tenan', 't1'], [...context, ''], []])
      expect(await store.unwrap(wrapped, other), other.join()).toBeUndefined()
  })

  it('refuses what was changed at any place, cut short or made longer', async () => {
    const store = await open()
    const wrapped = await store.wrap(key, context)
    for (const at of [0, Math.floor(wrapped.length / 3), Math.floor(wrapped.length / 2), wrapped.length - 1]) {
      expect(await store.unwrap(wrapped.with(at, (wrapped[at] as number) ^ 4), context), `byte ${at}`).toBeUndefined()
    }
    for (const length of [0, 1, 11, 12, 28, wrapped.length - 1])
      expect(await store.unwrap(wrapped.subarray(0, length), context), `length ${length}`).toBeUndefined()
    expect(await store.unwrap(Buffer.concat([wrapped, Buffer.from('A')]), context)).toBeUndefined()
    expect(await store.unwrap(new Uint8Array(60).fill(9), context)).toBeUndefined()
  })

  it('gives back what it wrapped, in another process too, and never wraps alike twice', async () => {
    const [one, other] = [await open(), await open()]
    const [a, b] = [await one.wrap(key, context), await one.wrap(key, context)]
    expect(toHex(a)).not.toBe(toHex(b))
    expect(toHex(a)).not.toContain(toHex(key))
    for (const wrapped of [a, b]) expect(toHex((await other.unwrap(wrapped, context)) ?? new Uint8Array())).toBe(toHex(key))
  })

  it('keeps several askers apart', async () => {
    const store = await open()
    const wrapped = await Promise.all(Array.from({ length: 16 }, (_, index) => store.wrap(new Uint8Array(32).fill(index), [...context, String(index)])))
    const back = await Promise.all(wrapped.map((bytes, index) => store.unwrap(bytes, [...context, String(index)])))
    expect(back.map((bytes) => bytes?.[0])).toEqual(Array.from({ length: 16 }, (_, index) => index))
  })
}
