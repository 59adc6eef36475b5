/**
 * Expectation maximisation on the histogram of agreement patterns (Fellegi and Sunter 1969; Winkler 1988). The mixture is over
 * all pairs, not over the blocked ones only: what random pairs look like is known from a sample, `random = prior · m + (1 - prior) · u`,
 * so u needs no blocking to be unbiased, and the true matches within the sample are taken off it.
 */
import { levelsOfPattern } from '../predict/pattern.ts'
import type { Histogram } from './histogram.ts'

export interface EmInput {
  readonly histogram: Histogram
  /** Levels per comparison, "missing" included. */
  readonly levelCounts: readonly number[]
  /** Where m begins, and what it leans on where data is scarce. */
  readonly m: readonly Float64Array[]
  /** Level shares among random pairs. */
  readonly random: readonly Float64Array[]
  /** Pairs behind `random`: levels rarer than one in twice this many are not told apart from never. */
  readonly randomPairs: number
  /** All pairs that the link type allows. */
  readonly allPairs: number
  /** Taken as given instead of estimated. */
  readonly prior?: number
  /** Leaves m as it begins: for a comparison by itself, where nothing else tells matches from chance. */
  readonly keepM?: boolean
  /** Per row of the histogram 1 where a conflict rule says that no match looks like this. */
  readonly forbidden?: Uint8Array
}

export interface EmResult {
  readonly prior: number
  readonly m: Float64Array[]
  readonly u: Float64Array[]
  readonly iterations: number
  /** Expected matches among the pairs of the histogram. */
  readonly matches: number
  /** Per comparison and level the expected number of matches seen there. */
  readonly seen: Float64Array[]
}

export const iterationMax = 200
const tolerance = 1e-5
/** How many imagined matches stand for what people's records are like in general. */
const leaning = 10
/** At most this share of what random pairs agree on is put down to matches among them. */
export const matchShareMax = 0.95
/** Where no prior is given, EM begins with this share of the blocked pairs. */
const firstMatchShare = 0.3

export function maximise(input: EmInput): EmResult {
  const { histogram, levelCounts, allPairs } = input
  const width = levelCounts.length
  const levels = decode(histogram.patterns, levelCounts)
  const pairs = histogram.counts.reduce((sum, count) => sum + count, 0)
  let prior = input.prior ?? clampPrior((pairs * firstMatchShare) / allPairs, allPairs)
  let m: Float64Array[] = input.m.map((shares) => shares.slice())
  let u: Float64Array[] = input.random.map((random, index) => withoutMatches(random, m[index] as Float64Array, prior, input.randomPairs))
  let seen: Float64Array[] = m
  let matches = 0
  let iterations = 0
  for (let change = 1; change > tolerance && iterations < iterationMax; iterations++) {
    const bits = m.map((shares, index) => shares.map((share, level) => (level === 0 ? 0 : Math.log2(share / ((u[index] as Float64Array)[level] as number)))))
    const odds = Math.log2(prior / (1 - prior))
    seen = levelCounts.map((count) => new Float64Array(count))
    matches = 0
    for (let row = 0, at = 0; row < histogram.counts.length; row++, at += width) {
      if (input.forbidden?.[row] === 1) continue
      let weight = odds
      for (let i = 0; i < width; i++) weight += (bits[i] as Float64Array)[levels[at + i] as number] as number
      const expected = (histogram.counts[row] as number) / (1 + 2 ** -weight)
      matches += expected
      for (let i = 0; i < width; i++) {
        const tally = seen[i] as Float64Array
        const level = levels[at + i] as number
        tally[level] = (tally[level] as number) + expected
      }
    }
    const before = m
    if (!input.keepM) m = seen.map((tally, index) => smoothed(tally, input.m[index] as Float64Array))
    if (input.prior === undefined) prior = clampPrior(matches / allPairs, allPairs)
    u = input.random.map((random, index) => withoutMatches(random, m[index] as Float64Array, prior, input.randomPairs))
    change = largestChange(before, m)
  }
  return { prior, m, u, iterations, matches, seen }
}

function decode(patterns: Int32Array, levelCounts: readonly number[]): Uint8Array {
  const levels = new Uint8Array(patterns.length * levelCounts.length)
  patterns.forEach((pattern, row) => {
    levels.set(levelsOfPattern(pattern, levelCounts), row * levelCounts.length)
  })
  return levels
}

/** No prior is 0 or 1: the least is half a match among all pairs. */
function clampPrior(prior: number, allPairs: number): number {
  return Math.min(0.5, Math.max(prior, 0.5 / Math.max(1, allPairs)))
}

function smoothed(tally: Float64Array, start: Float64Array): Float64Array {
  const present = tally.reduce((sum, count, level) => (level === 0 ? sum : sum + count), 0)
  return tally.map((count, level) => (level === 0 ? 0 : (count + leaning * (start[level] as number)) / (present + leaning)))
}

function withoutMatches(random: Float64Array, m: Float64Array, prior: number, randomPairs: number): Float64Array {
  const rest = random.map((share, level) => {
    if (level === 0) return 0
    const cleaned = (share - prior * (m[level] as number)) / (1 - prior)
    return Math.max(cleaned, share * (1 - matchShareMax), 0.5 / randomPairs)
  })
  const sum = rest.reduce((total, share) => total + share, 0)
  return rest.map((share) => share / sum)
}

function largestChange(before: readonly Float64Array[], after: readonly Float64Array[]): number {
  let largest = 0
  for (const [index, shares] of after.entries()) {
    shares.forEach((share, level) => {
      largest = Math.max(largest, Math.abs(share - ((before[index] as Float64Array)[level] as number)))
    })
  }
  return largest
}
