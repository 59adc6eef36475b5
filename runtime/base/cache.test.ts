import { describe, expect, it } from 'vitest'
import { cacheTtlMs, TtlCache } from './cache.ts'

function counting(answer: (call: number) => Promise<string> = async (call) => `answer ${call}`) {
  let calls = 0
  return {
    load: () => {
      calls += 1
      return answer(calls)
    },
    calls: () => calls,
  }
}

describe('an answer about rights', () => {
  it('is never trusted for a second or longer', () => {
    expect(cacheTtlMs).toBeLessThan(1_000)
  })

  it('is asked for again once its time is over, and not before', async () => {
    let nowMs = 1_000
    const cache = new TtlCache<string>(() => nowMs, { ttlMs: 900 })
    const source = counting()
    expect(await cache.get('a', source.load)).toBe('answer 1')
    nowMs += 899
    expect(await cache.get('a', source.load)).toBe('answer 1')
    nowMs += 1
    expect(await cache.get('a', source.load)).toBe('answer 2')
  })

  it('ages from the moment it was asked for, not from when it came', async () => {
    let nowMs = 0
    const cache = new TtlCache<string>(() => nowMs, { ttlMs: 900 })
    const source = counting(async (call) => {
      nowMs += 600
      return `answer ${call}`
    })
    await cache.get('a', source.load)
    nowMs = 900
    expect(await cache.get('a', source.load)).toBe('answer 2')
  })

  it('that failed is not kept', async () => {
    const cache = new TtlCache<string>(() => 0)
    const source = counting((call) => (call === 1 ? Promise.reject(new Error('the database is away')) : Promise.resolve('there')))
    await expect(cache.get('a', source.load)).rejects.toThrow('away')
    expect(await cache.get('a', source.load)).toBe('there')
  })

  it('that failed late does not take its successor with it', async () => {
    let nowMs = 0
    const cache = new TtlCache<string>(() => nowMs, { ttlMs: 900 })
    let fail: (error: Error) => void = () => {}
    const first = cache.get('a', () => new Promise((_, reject) => (fail = reject)))
    nowMs = 900
    await cache.get('a', async () => 'successor')
    fail(new Error('late'))
    await expect(first).rejects.toThrow('late')
    expect(await cache.get('a', async () => 'third')).toBe('successor')
  })

  it('is waited for by nobody but the one who loads it: who waits for the lock of another must not be what the other waits for', async () => {
    const cache = new TtlCache<string>(() => 0)
    const never = cache.get('a', () => new Promise<string>(() => {}))
    expect(await cache.get('a', async () => 'mine')).toBe('mine')
    expect(await Promise.race([never, cache.get('a', async () => 'again')])).toBe('mine')
  })

  it('that comes late does not replace a newer one', async () => {
    let nowMs = 0
    const cache = new TtlCache<string>(() => nowMs, { ttlMs: 900 })
    let come: (value: string) => void = () => {}
    const first = cache.get('a', () => new Promise((resolve) => (come = resolve)))
    nowMs = 100
    await cache.get('a', async () => 'newer')
    come('older')
    expect(await first).toBe('older')
    expect(await cache.get('a', async () => 'third')).toBe('newer')
  })

  it('that was on its way when it was forgotten is not kept', async () => {
    const cache = new TtlCache<string>(() => 0)
    let come: (value: string) => void = () => {}
    const first = cache.get('a', () => new Promise((resolve) => (come = resolve)))
    cache.forget('a')
    come('before the change')
    await first
    expect(await cache.get('a', async () => 'after it')).toBe('after it')
  })

  it('is gone when it is told to be forgotten', async () => {
    const cache = new TtlCache<string>(() => 0)
    const source = counting()
    await cache.get('a', source.load)
    cache.forget('a')
    expect(await cache.get('a', source.load)).toBe('answer 2')
  })
})

it('at the limit the oldest answer goes, and the newer ones stay', async () => {
  const cache = new TtlCache<string>(() => 0, { entriesMax: 2 })
  for (const key of ['a', 'b', 'c']) await cache.get(key, async () => key)
  expect(await cache.get('c', async () => 'again')).toBe('c')
  expect(await cache.get('b', async () => 'again')).toBe('b')
  expect(await cache.get('a', async () => 'again')).toBe('again')
})

it('renewing a known answer at the limit pushes nobody out', async () => {
  let nowMs = 0
  const cache = new TtlCache<string>(() => nowMs, { entriesMax: 2, ttlMs: 900 })
  await cache.get('a', async () => 'a')
  nowMs = 500
  await cache.get('b', async () => 'b')
  nowMs = 1_000
  await cache.get('a', async () => 'renewed')
  expect(await cache.get('b', async () => 'again')).toBe('b')
  expect(await cache.get('a', async () => 'again')).toBe('renewed')
})
