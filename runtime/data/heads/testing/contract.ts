/** What every driver of the heads' store owes, as tests. */
import { utf8 } from '@gatehouse/crypto/bytes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HeadStore, headBytesMax } from '../head-store.ts'

export interface Place {
  /** Opens the same store once more, as another process would. */
  open(): Promise<HeadStore>
  remove(): Promise<void>
}

export function headStoreContract(kind: string, make: () => Promise<Place>): void {
  describe(`heads in ${kind}`, () => {
    let place: Place
    let one: HeadStore
    let other: HeadStore
    beforeAll(async () => {
      place = await make()
      one = await place.open()
      other = await place.open()
    })
    afterAll(async () => {
      await one.close()
      await other.close()
      await place.remove()
    })
    const text = async (store: HeadStore, name: string) => Buffer.from((await store.read(name))?.value ?? []).toString()

    it('refuses names that could lead elsewhere, and values that are too large', async () => {
      for (const name of ['', '/log', 'log/', '../log', 'log/../x', 'log//x', 'Log', 'log/@1', 'log/.x', 'a b', `${'x'.repeat(201)}`]) {
        await expect(one.read(name)).rejects.toThrow(RangeError)
        await expect(one.compareAndSwap(name, undefined, utf8('x'))).rejects.toThrow(RangeError)
      }
      await expect(one.compareAndSwap('log/large', undefined, new Uint8Array(headBytesMax + 1))).rejects.toThrow(RangeError)
      expect(await one.read('log/large')).toBeUndefined()
    })

    it('has nothing under a name that was never written, and moves nothing from there with a version', async () => {
      expect(await one.read('log/none')).toBeUndefined()
      expect(await one.compareAndSwap('log/none', '1-0123456789abcdef', utf8('x'))).toBeUndefined()
      expect(await one.read('log/none')).toBeUndefined()
    })

    it('moves a head from version to version, seen at once by others', async () => {
      const first = await one.compareAndSwap('log/a', undefined, utf8('one'))
      expect(await other.read('log/a')).toEqual({ version: first, value: utf8('one') })
      expect(await other.compareAndSwap('log/a', undefined, utf8('again'))).toBeUndefined()
      const second = await other.compareAndSwap('log/a', first, utf8('two'))
      expect(second).not.toBe(first)
      expect(await one.compareAndSwap('log/a', first, utf8('stale'))).toBeUndefined()
      expect(await text(one, 'log/a')).toBe('two')
      const third = await one.compareAndSwap('log/a', second, new Uint8Array(0))
      expect(await other.read('log/a')).toEqual({ version: third, value: new Uint8Array(0) })
    })

    it('keeps a value of the largest size, byte for byte', async () => {
      const value = Uint8Array.from({ length: headBytesMax }, (_, at) => (at * 7) % 256)
      await one.compareAndSwap('log/large', undefined, value)
      expect(Buffer.from(value).equals((await other.read('log/large'))?.value ?? new Uint8Array(0))).toBe(true)
    })

    it('never gives a version twice, and takes none that is long gone', async () => {
      const seen: string[] = []
      for (let round = 0; round < 40; round++) seen.push((await one.compareAndSwap('log/v', seen.at(-1), utf8(String(round))))!)
      expect(new Set(seen).size).toBe(40)
      for (const stale of [undefined, ...seen.slice(0, -1)]) expect(await other.compareAndSwap('log/v', stale, utf8('stale'))).toBeUndefined()
      expect(await text(other, 'log/v')).toBe('39')
    })

    it('lets one of many succeed at each step', async () => {
      const won: string[] = []
      for (let step = 0; step < 10; step++) {
        const version = (await one.read('log/race'))?.version
        const results = await Promise.all(
          Array.from({ length: 8 }, (_, at) => (at % 2 ? one : other).compareAndSwap('log/race', version, utf8(`${step} ${at}`))),
        )
        expect(results.filter((result) => result !== undefined)).toHaveLength(1)
        won.push(`${step} ${results.findIndex((result) => result !== undefined)}`)
        expect(await text(other, 'log/race')).toBe(won.at(-1))
      }
    })

    it('loses no step of writers that do not know of each other', async () => {
      const add = async (store: HeadStore) => {
        for (let added = 0; added < 12; ) {
          const head = await store.read('log/count')
          const next = head === undefined ? 1 : Number(Buffer.from(head.value).toString()) + 1
          if ((await store.compareAndSwap('log/count', head?.version, utf8(String(next)))) !== undefined) added++
        }
      }
      await Promise.all([add(one), add(other), add(one), add(other)])
      expect(await text(one, 'log/count')).toBe('48')
    })

    it('lists names by their beginning', async () => {
      for (const name of ['erasures/t1/s2', 'erasures/t1/s1', 'erasures/t2/s1', 'erasures/t1']) await one.compareAndSwap(name, undefined, utf8('x'))
      expect(await other.list('erasures/t1/')).toEqual(['erasures/t1/s1', 'erasures/t1/s2'])
      expect(await other.list('erasures/')).toEqual(['erasures/t1', 'erasures/t1/s1', 'erasures/t1/s2', 'erasures/t2/s1'])
      expect(await other.list('none/')).toEqual([])
    })
  })
}
