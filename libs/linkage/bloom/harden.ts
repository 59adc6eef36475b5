/**
 * What makes a filter harder to read back, applied in one order: XOR folding, Rule 90, balancing, BLIP. Each takes away structure
 * that attacks on Bloom filters use and costs some accuracy; README.md has the figures.
 */
import { u32 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type ClkSchema, filterBits } from './schema.ts'

/** @returns a function that leaves its argument alone and gives a filter of `filterBits(schema)` */
export function hardener(primitives: Primitives, keyFor: (use: string) => Uint8Array, schema: ClkSchema): (filter: Uint8Array) => Uint8Array {
  const { fold, rule90: neighbours, balance: balanced, blip } = schema.hardening
  const steps: ((filter: Uint8Array) => Uint8Array)[] = []
  if (fold) steps.push(xorFold)
  if (neighbours) steps.push(rule90)
  if (balanced) {
    const places = permutation(keyedStream(primitives, keyFor('balance')), filterBits(schema))
    steps.push((filter) => balance(filter, places))
  }
  if (blip !== undefined) {
    const key = keyFor('blip')
    const noise = blip.noise === 'fresh' ? primitives.randomBytes : undefined
    steps.push((filter) => flipBits(filter, blip.probability, noise ?? keyedStream(primitives, primitives.hmacSha256(key, filter))))
  }
  return (filter) => steps.reduce((before, step) => step(before), filter)
}

/** Bit i of the result is bit i XOR bit i + half: an n-gram no longer sets its bits alone (Schnell and Borgs 2016). */
export function xorFold(filter: Uint8Array): Uint8Array {
  const half = filter.length / 2
  return filter.slice(0, half).map((byte, index) => byte ^ (filter[index + half] ?? 0))
}

/** Wolfram's rule 90, once round: each bit is the XOR of both neighbours (Schnell and Borgs 2018). Bit 0 is the lowest of byte 0. */
export function rule90(filter: Uint8Array): Uint8Array {
  const { length } = filter
  return filter.map((byte, index) => {
    const before = filter[(index + length - 1) % length] ?? 0
    const after = filter[(index + 1) % length] ?? 0
    return ((byte << 1) | (before >>> 7)) ^ ((byte >>> 1) | ((after & 1) << 7))
  })
}

/** The filter and its negation with all bits put to other places: every result has as many ones as zeros (Schnell and Borgs 2016). */
export function balance(filter: Uint8Array, places: Uint16Array): Uint8Array {
  const balanced = new Uint8Array(filter.length * 2)
  const bits = filter.length * 8
  for (let bit = 0; bit < bits; bit++) {
    const set = ((filter[bit >>> 3] ?? 0) >>> (bit & 7)) & 1
    const place = places[set === 1 ? bit : bit + bits] ?? 0
    balanced[place >>> 3] = (balanced[place >>> 3] ?? 0) | (1 << (place & 7))
  }
  return balanced
}

/** Gives the next so many bytes of a stream. */
type Stream = (length: number) => Uint8Array

/** Two bytes decide each bit, so probabilities are kept to 2^-16. */
export function flipBits(filter: Uint8Array, probability: number, stream: Stream): Uint8Array {
  const draws = stream(filter.length * 16)
  const below = Math.round(probability * 65_536)
  return filter.map((byte, index) => {
    let flips = 0
    for (let bit = 0; bit < 8; bit++) {
      const at = (index * 8 + bit) * 2
      if ((((draws[at] ?? 0) << 8) | (draws[at + 1] ?? 0)) < below) flips |= 1 << bit
    }
    return byte ^ flips
  })
}

/** HKDF gives 8,160 bytes for one info; blocks of 4,096 under a running number have no end. */
function keyedStream({ hkdfSha256 }: Primitives, key: Uint8Array): Stream {
  let block = 0
  let bytes = new Uint8Array()
  let at = 0
  return (length) => {
    const given = new Uint8Array(length)
    for (let filled = 0; filled < length; ) {
      if (at === bytes.length) {
        bytes = new Uint8Array(hkdfSha256(key, new Uint8Array(), u32(block++), 4_096))
        at = 0
      }
      const part = bytes.subarray(at, at + length - filled)
      given.set(part, filled)
      filled += part.length
      at += part.length
    }
    return given
  }
}

/** Fisher and Yates, with 16-bit draws thrown away where they would favour some places. */
function permutation(stream: Stream, length: number): Uint16Array {
  const places = Uint16Array.from({ length }, (_, index) => index)
  for (let last = length - 1; last > 0; last--) {
    const fair = 65_536 - (65_536 % (last + 1))
    let draw: number
    do {
      const [high = 0, low = 0] = stream(2)
      draw = (high << 8) | low
    } while (draw >= fair)
    const other = draw % (last + 1)
    const held = places[last] ?? 0
    places[last] = places[other] ?? 0
    places[other] = held
  }
  return places
}
