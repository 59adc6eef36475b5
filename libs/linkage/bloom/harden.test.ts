import { nodePrimitives } from '@gatehouse/crypto/node'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { popcount } from './clk.ts'
import { balance, flipBits, hardener, rule90, xorFold } from './harden.ts'
import { type ClkDefinition, defineClkSchema, filterBits } from './schema.ts'

const bitsOf = (bytes: Uint8Array) => Array.from({ length: bytes.length * 8 }, (_, bit) => ((bytes[bit >>> 3] as number) >>> (bit & 7)) & 1)
const ones = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum + popcount(byte), 0)
const distance = (left: Uint8Array, right: Uint8Array) => ones(left.map((byte, index) => byte ^ (right[index] as number)))
const filter = fc.uint8Array({ minLength: 128, maxLength: 128 })
const harden = (hardening: ClkDefinition['hardening'], primitives = nodePrimitives, seed = 1) => {
  const schema = defineClkSchema({ fields: [{ column: 'a', form: { form: 'name' } }], hardening })
  const keyFor = (use: string) => nodePrimitives.sha256(Buffer.from(`${seed} ${use}`))
  return { schema, apply: hardener(primitives, keyFor, schema) }
}

describe('hardening', () => {
  it('leaves the filter it was given alone, and does nothing where nothing is asked for', () => {
    const given = Uint8Array.from({ length: 128 }, (_, index) => index)
    const copy = Uint8Array.from(given)
    expect(harden({}).apply(given)).toEqual(copy)
    harden({ fold: true, rule90: true, balance: true, blip: { probability: 0.1 } }).apply(given)
    expect(given).toEqual(copy)
  })

  it('folds bit i with bit i + half', () => {
    fc.assert(
      fc.property(filter, (bytes) => {
        const bits = bitsOf(bytes)
        expect(bitsOf(xorFold(bytes))).toEqual(bits.slice(0, 512).map((bit, index) => bit ^ (bits[index + 512] as number)))
      }),
      { numRuns: 20 },
    )
  })

  it('makes each bit the XOR of its neighbours, around the end', () => {
    fc.assert(
      fc.property(filter, (bytes) => {
        const bits = bitsOf(bytes)
        expect(bitsOf(rule90(bytes))).toEqual(bits.map((_, index) => (bits.at(index - 1) as number) ^ (bits[(index + 1) % 1024] as number)))
      }),
      { numRuns: 20 },
    )
  })

  it('balances: half of all bits are ones, distances double, and another key puts them elsewhere', () => {
    const { apply, schema } = harden({ balance: true })
    const other = harden({ balance: true }, nodePrimitives, 2)
    expect(filterBits(schema)).toBe(2048)
    fc.assert(
      fc.property(filter, filter, (left, right) => {
        const [one, two] = [apply(left), apply(right)]
        expect(one).toHaveLength(256)
        expect(ones(one)).toBe(1024)
        expect(distance(one, two)).toBe(2 * distance(left, right))
        expect(other.apply(left)).not.toEqual(one)
      }),
      { numRuns: 50 },
    )
  })

  it('puts a bit or its negation where the permutation says', () => {
    const places = Uint16Array.from({ length: 16 }, (_, index) => 15 - index)
    expect(bitsOf(balance(Uint8Array.of(0b0000_0101), places))).toEqual([1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1])
  })

  it('flips exactly the bits whose draw is below the probability', () => {
    const draws = (length: number) => Uint8Array.from({ length }, (_, at) => (at === 0 ? 0x0f : at === 2 ? 0x10 : at % 2 === 0 ? 0xff : 0xff))
    // 0x0fff is below a sixteenth of 65,536 and 0x10ff is not.
    expect(flipBits(Uint8Array.of(0), 1 / 16, draws)).toEqual(Uint8Array.of(1))
  })

  it('flips the stated share of bits; keyed noise is the same for the same filter and key only, fresh noise never', () => {
    const given = new Uint8Array(128).fill(0x5a)
    const keyed = harden({ blip: { probability: 0.1 } })
    const fresh = harden({ blip: { probability: 0.1, noise: 'fresh' } })
    const once = keyed.apply(given)
    expect(keyed.apply(given)).toEqual(once)
    expect(harden({ blip: { probability: 0.1 } }, nodePrimitives, 2).apply(given)).not.toEqual(once)
    expect(fresh.apply(given)).not.toEqual(fresh.apply(given))
    const flipped = Array.from({ length: 100 }, () => distance(fresh.apply(given), given)).reduce((sum, count) => sum + count)
    // 102,400 draws with a standard deviation of 96.
    expect(Math.abs(flipped - 10_240)).toBeLessThan(600)
    // Other noise for another filter: the same mask would be found by comparing.
    const next = Uint8Array.from(given)
    next[0] = 0
    expect(distance(keyed.apply(next), once)).toBeGreaterThan(50)
  })

  it('takes fresh noise from the randomness that was handed in', () => {
    const silent = { ...nodePrimitives, randomBytes: (length: number) => new Uint8Array(length).fill(0xff) }
    const given = new Uint8Array(128).fill(0x5a)
    expect(harden({ blip: { probability: 0.4, noise: 'fresh' } }, silent).apply(given)).toEqual(given)
  })
})
