/** Filters for tests: random bits, of which some records are slightly changed copies, and some are missing. */
import { seededUint32 } from '../../train/random-pairs.ts'
import { type Clks, clksFrom } from '../clk.ts'

/** @param fill share of ones */
export function randomFilters(bits: number, count: number, seed: number, fill = 0.3): Clks {
  const next = seededUint32(seed)
  const filters: (Uint8Array | undefined)[] = []
  for (let record = 0; record < count; record++) {
    const before = filters[record - 1]
    if (record % 7 === 6) filters.push(undefined)
    else if (record % 3 === 1 && before !== undefined) filters.push(before.map((byte) => (next() % 5 === 0 ? byte ^ (1 << (next() % 8)) : byte)))
    else
      filters.push(
        Uint8Array.from({ length: bits / 8 }, () => Array.from({ length: 8 }, (_, bit) => (next() / 2 ** 32 < fill ? 1 << bit : 0)).reduce((a, b) => a | b)),
      )
  }
  return clksFrom('test', bits, filters)
}
