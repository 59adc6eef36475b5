/** Unbiased draws from a source of random words: by rejection, never by a remainder alone and never through a fraction in floating point. */
import type { RandomSource } from './random.ts'

const wordRange = 0x1_0000_0000
/** What two words hold of a double's 53 bits. */
const highRange = 0x20_0000
const wordBits = 32n

/**
 * A whole number from 0 to n - 1, each equally likely.
 *
 * @throws RangeError unless n is a whole number from 1 to 2^53 - 1
 */
export function below(random: RandomSource, n: number): number {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`below: n is ${n}, and must be a whole number from 1 to 2^53 - 1`)
  if (n === 1) return 0
  const range = n <= wordRange ? wordRange : wordRange * highRange
  for (;;) {
    const drawn = n <= wordRange ? random.uint32() : (random.uint32() % highRange) * wordRange + random.uint32()
    const remainder = drawn % n
    // The last, incomplete run of n values is drawn again.
    if (drawn - remainder <= range - n) return remainder
  }
}

/**
 * `below` for numbers of any length.
 *
 * @throws RangeError for n below 1
 */
export function belowBig(random: RandomSource, n: bigint): bigint {
  if (n < 1n) throw new RangeError(`belowBig: n is ${n}, and must be at least 1`)
  if (n <= BigInt(Number.MAX_SAFE_INTEGER)) return BigInt(below(random, Number(n)))
  const bits = BigInt((n - 1n).toString(2).length)
  for (;;) {
    let drawn = 0n
    for (let had = 0n; had < bits; had += wordBits) drawn = (drawn << wordBits) | BigInt(random.uint32())
    drawn = BigInt.asUintN(Number(bits), drawn)
    if (drawn < n) return drawn
  }
}

/**
 * True with the probability numerator / denominator, exactly.
 *
 * @throws RangeError unless 0 <= numerator <= denominator and denominator >= 1
 */
export function bernoulli(random: RandomSource, numerator: bigint, denominator: bigint): boolean {
  if (numerator < 0n || denominator < 1n || numerator > denominator) {
    throw new RangeError(`bernoulli: ${numerator}/${denominator} is not a probability; it must lie from 0 to 1`)
  }
  return belowBig(random, denominator) < numerator
}

/** The items in an order drawn from all orders alike (Fisher and Yates; Durstenfeld 1964). The argument stays as it is. */
export function shuffle<Item>(random: RandomSource, items: Iterable<Item>): Item[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last -= 1) swap(shuffled, last, below(random, last + 1))
  return shuffled
}

/**
 * `count` different items, each set of that size equally likely, in the order drawn.
 *
 * @throws RangeError unless count is a whole number from 0 to the number of items
 */
export function sample<Item>(random: RandomSource, items: Iterable<Item>, count: number): Item[] {
  const drawn = [...items]
  if (!Number.isInteger(count) || count < 0 || count > drawn.length) {
    throw new RangeError(`sample: ${count} of ${drawn.length} items cannot be drawn; ask for a whole number from 0 to ${drawn.length}`)
  }
  for (let place = 0; place < count; place += 1) swap(drawn, place, place + below(random, drawn.length - place))
  return drawn.slice(0, count)
}

function swap<Item>(items: Item[], left: number, right: number): void {
  const kept = items[left] as Item
  items[left] = items[right] as Item
  items[right] = kept
}
