/**
 * What two records picked at random look like. "Same" is counted exactly from how often each value occurs; the weaker levels are
 * estimated from pairs drawn with a seed.
 */
import { type LinkType, pairsOfAll } from '../block/blocks.ts'
import { levelFunction } from '../compare/level.ts'
import type { PreparedComparison } from '../compare/prepared.ts'

export const samplePairsDefault = 400_000

/** A small repeatable generator (Marsaglia's xorshift, 32 bits). Statistics only: never for keys. */
export function seededUint32(seed: number): () => number {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x6a09e667) | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

/** Visits pairs that the link type allows: all of them while they are few, otherwise `count` drawn ones. */
export function visitRandomPairs(link: LinkType, offsets: readonly number[], count: number, seed: number, visit: (left: number, right: number) => void): void {
  const rows = offsets.at(-1) ?? 0
  const sourceOf = new Int32Array(rows)
  for (let source = 1; source + 1 < offsets.length; source++) sourceOf.fill(source, offsets[source], offsets[source + 1])
  const allowed = (left: number, right: number): boolean => link === 'both' || (sourceOf[left] === sourceOf[right]) === (link === 'dedupe')
  const eligible = pairsOfAll(link, offsets)
  if (eligible <= count) {
    for (let left = 0; left < rows; left++) for (let right = left + 1; right < rows; right++) if (allowed(left, right)) visit(left, right)
    return
  }
  const next = seededUint32(seed)
  for (let drawn = 0; drawn < count; ) {
    const one = Math.floor((next() / 0x100000000) * rows)
    const other = Math.floor((next() / 0x100000000) * rows)
    if (one === other || !allowed(one, other)) continue
    drawn++
    visit(Math.min(one, other), Math.max(one, other))
  }
}

/** Per comparison the share of each level among random pairs with both values present; level 0 is left at 0. */
export function randomLevels(
  comparisons: readonly PreparedComparison[],
  link: LinkType,
  offsets: readonly number[],
  count: number,
  seed: number,
): Float64Array[] {
  const levelOf = comparisons.map(levelFunction)
  const tallies = comparisons.map((comparison) => new Float64Array(comparison.levelCount))
  visitRandomPairs(link, offsets, count, seed, (left, right) => {
    for (let i = 0; i < levelOf.length; i++) {
      const tally = tallies[i] as Float64Array
      const level = (levelOf[i] as (typeof levelOf)[number])(left, right)
      tally[level] = (tally[level] as number) + 1
    }
  })
  return tallies.map((tally, index) => sharesOf(tally, sameShare(comparisons[index] as PreparedComparison, link, offsets)))
}

/** @param same the exact share of level 1, where it is known */
function sharesOf(tally: Float64Array, same: number | undefined): Float64Array {
  const present = tally.reduce((sum, count, level) => (level === 0 ? sum : sum + count), 0)
  const weaker = present - (tally[1] as number)
  return tally.map((count, level) => {
    if (level === 0 || present === 0) return 0
    if (same === undefined) return count / present
    if (level === 1) return same
    return weaker === 0 ? 0 : (count / weaker) * (1 - same)
  })
}

/** The chance that two random records hold one value, from the values' frequencies. */
function sameShare(comparison: PreparedComparison, link: LinkType, offsets: readonly number[]): number | undefined {
  const codes = comparison.columns[0]?.codes
  if (codes === undefined || comparison.kind === 'geo') return undefined
  const all = tallyPairs(codes, 0, codes.length)
  if (link === 'both') return all.same / Math.max(1, all.pairs)
  let [same, pairs] = [0, 0]
  for (let source = 0; source + 1 < offsets.length; source++) {
    const within = tallyPairs(codes, offsets[source] as number, offsets[source + 1] as number)
    same += within.same
    pairs += within.pairs
  }
  return link === 'dedupe' ? same / Math.max(1, pairs) : (all.same - same) / Math.max(1, all.pairs - pairs)
}

function tallyPairs(codes: Int32Array, from: number, to: number): { same: number; pairs: number } {
  let distinct = 0
  let present = 0
  for (let row = from; row < to; row++) {
    const code = codes[row] as number
    if (code >= 0) present++
    if (code >= distinct) distinct = code + 1
  }
  const counts = new Int32Array(distinct)
  let same = 0
  for (let row = from; row < to; row++) {
    const code = codes[row] as number
    if (code < 0) continue
    same += counts[code] as number
    counts[code] = (counts[code] as number) + 1
  }
  return { same, pairs: (present * (present - 1)) / 2 }
}
