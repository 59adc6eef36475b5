import { nodePrimitives } from '@gatehouse/crypto/node'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { below, belowBig, bernoulli, sample, shuffle } from './draw.ts'
import type { RandomSource } from './random.ts'
import { secureRandom } from './secure.ts'
import { seededRandom } from './seeded.ts'

/** Hands out the given words, then fails. */
function scripted(...words: number[]): RandomSource {
  return {
    uint32() {
      const word = words.shift()
      if (word === undefined) throw new Error('no word left')
      return word
    },
  }
}

describe('secureRandom', () => {
  it('refuses a generator that gives too little', () => {
    expect(() => secureRandom(() => new Uint8Array(3)).uint32()).toThrow('randomBytes gave 3 bytes')
  })

  it('hands out every word of the generator once, and wipes what the generator gave', () => {
    const given: Uint8Array[] = []
    let next = 0
    const random = secureRandom((length) => {
      const bytes = new Uint8Array(length)
      new Uint32Array(bytes.buffer).forEach((_, index, words) => {
        words[index] = next++
      })
      given.push(bytes)
      return bytes
    })
    expect(Array.from({ length: 2_000 }, () => random.uint32())).toEqual(Array.from({ length: 2_000 }, (_, index) => index))
    expect(given).toHaveLength(2)
    expect(given.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true)
  })

  it('reads a part of a larger pool without wiping the rest of it', () => {
    const pool = new Uint8Array(10_000).fill(7)
    const random = secureRandom((length) => pool.subarray(1, 1 + length))
    expect(random.uint32()).toBe(0x07070707)
    expect(pool[0]).toBe(7)
    expect(pool[9_999]).toBe(7)
  })

  it('works on the primitives of Node', () => {
    const random = secureRandom(nodePrimitives.randomBytes)
    expect(new Set(Array.from({ length: 1_500 }, () => random.uint32())).size).toBeGreaterThan(1_400)
  })
})

describe('seededRandom', () => {
  const words = (seed: string | Uint8Array, count = 40) => {
    const random = seededRandom(seed)
    return Array.from({ length: count }, () => random.uint32())
  }

  it('repeats for the same seed, and differs for seeds that only look alike', () => {
    expect(words('a', 3_000)).toEqual(words('a', 3_000))
    const seeds = ['', 'a', 'b', 'a\0', 'a'.repeat(32), 'a'.repeat(33), `${'a'.repeat(32)}\0`]
    expect(new Set(seeds.map((seed) => words(seed).join())).size).toBe(seeds.length)
  })

  it('reads text as UTF-8', () => {
    expect(words('é')).toEqual(words(Uint8Array.of(0xc3, 0xa9)))
  })

  it('stays the same from version to version', () => {
    expect(words('gatehouse', 3)).toMatchInlineSnapshot(`
      [
        3863478614,
        732092416,
        3251594532,
      ]
    `)
  })
})

describe('below', () => {
  it('refuses what is no range', () => {
    for (const n of [0, -1, 1.5, Number.NaN, 2 ** 53]) expect(() => below(scripted(), n)).toThrow(RangeError)
    expect(() => belowBig(scripted(), 0n)).toThrow(RangeError)
  })

  it('draws again what would favour small numbers', () => {
    // 2^32 = 3 x 1431655765 + 1: the last word alone would give a fourth of a run.
    expect(below(scripted(0xffff_ffff, 5), 3)).toBe(2)
    expect(below(scripted(0xffff_fffe), 3)).toBe(2)
    // Above 2^32: the high word has 21 bits.
    expect(below(scripted(0xffff_ffff, 0xffff_ffff, 0, 9), 2 ** 52 + 1)).toBe(9)
    expect(below(scripted(1, 0), 2 ** 40)).toBe(2 ** 32)
    expect(belowBig(scripted(0xffff_ffff, 0xffff_ffff, 0, 7), 2n ** 64n - 1n)).toBe(7n)
  })

  it('draws each of a few numbers equally often (chi-square)', () => {
    const random = seededRandom('below')
    for (const n of [2, 3, 7, 10]) {
      const counts = new Array<number>(n).fill(0)
      for (let draw = 0; draw < 20_000; draw += 1) counts[below(random, n)]! += 1
      const expected = 20_000 / n
      const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
      // Mean n - 1, standard deviation sqrt(2(n - 1)); the seed is fixed, so this does not flicker.
      expect(chiSquare).toBeLessThan(n - 1 + 4 * Math.sqrt(2 * (n - 1)))
    }
  })

  it('stays in the range, whatever it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 200n }), fc.string(), (n, seed) => {
        const drawn = belowBig(seededRandom(seed), n)
        return drawn >= 0n && drawn < n
      }),
      { numRuns: 200 },
    )
  })
})

describe('bernoulli', () => {
  it('refuses what is no probability', () => {
    for (const [numerator, denominator] of [
      [-1n, 2n],
      [3n, 2n],
      [0n, 0n],
    ] as const)
      expect(() => bernoulli(scripted(0), numerator, denominator)).toThrow(RangeError)
  })

  it('is certain at the ends and exact between', () => {
    expect(bernoulli(scripted(), 0n, 1n)).toBe(false)
    expect(bernoulli(scripted(), 1n, 1n)).toBe(true)
    const outcomes = Array.from({ length: 8 }, (_, word) => bernoulli(scripted(word), 3n, 8n))
    expect(outcomes.filter(Boolean)).toHaveLength(3)
  })
})

describe('shuffle and sample', () => {
  it('refuses to draw more than there is', () => {
    expect(() => sample(scripted(), [1, 2], 3)).toThrow('3 of 2 items')
    expect(() => sample(scripted(), [1, 2], -1)).toThrow(RangeError)
  })

  it('keeps the items and leaves the argument alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), fc.nat(), (items, seed, some) => {
        const before = [...items]
        const count = items.length === 0 ? 0 : some % (items.length + 1)
        expect(shuffle(seededRandom(seed), items).toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b))
        const drawn = sample(seededRandom(seed), items.keys(), count)
        expect(new Set(drawn).size).toBe(count)
        expect(items).toEqual(before)
      }),
      { numRuns: 100 },
    )
  })

  it('gives every order and every set equally often', () => {
    const random = seededRandom('orders')
    const orders = new Map<string, number>()
    const pairs = new Map<string, number>()
    for (let draw = 0; draw < 12_000; draw += 1) {
      const order = shuffle(random, 'abc').join('')
      orders.set(order, (orders.get(order) ?? 0) + 1)
      const pair = sample(random, 'abcd', 2).toSorted().join('')
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    }
    for (const counts of [orders, pairs]) {
      expect(counts.size).toBe(6)
      const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 2_000) ** 2 / 2_000, 0)
      expect(chiSquare).toBeLessThan(5 + 4 * Math.sqrt(10))
    }
  })
})
