/**
 * Truthful records under differential privacy: a random sample, generalised, without its small classes (Bild, Kuhn and Prasser 2018,
 * "SafePub: a truthful data anonymization algorithm with strong privacy guarantees").
 */
import { type Quantity, rational } from '../noise/rational.ts'
import { bernoulliExp } from '../noise/sampler/bernoulli-exp.ts'
import { below } from '../random/draw.ts'
import type { RandomSource } from '../random/random.ts'
import { ModelError } from './model.ts'
import { type SafePubParameters, safePubParameters } from './safe-pub-parameters.ts'

/** A generalisation that might be released. The list of candidates must not depend on the data. */
export interface SafePubCandidate {
  /** How much a row keeps to tell under it, as a whole number that does not depend on the data; such as levels not climbed. */
  readonly detail: number
  /** The class of each row under it, numbered from 0. */
  classOf(): Int32Array
}

export interface SafePubOptions {
  readonly epsilon: number
  readonly delta: number
  /** What choosing among several candidates may cost; it adds to epsilon. A single candidate costs nothing. */
  readonly selectionEpsilon?: Quantity
}

export interface SafePubRelease extends SafePubParameters {
  /** Index of the candidate under which the rows are to be released. */
  readonly candidate: number
  /** The rows to release, ascending. Publish nothing of the others, nor how many there are. */
  readonly rows: Int32Array
  /** What the ledger is charged: epsilon and the cost of choosing. */
  readonly totalEpsilon: number
}

/** Sampling compares 32 random bits with beta, rounded down: a smaller sample is never less private. */
const sampleGrid = 2 ** 32

/**
 * Draws the release. The candidate is chosen from the whole table by the exponential mechanism with `selectionEpsilon`, then every
 * row is sampled with beta on its own, and classes of the sample below k are left out. By sequential composition the whole is
 * (epsilon + selectionEpsilon, delta)-differentially private for adding or taking away one row.
 *
 * @throws ModelError without a candidate, for several without `selectionEpsilon`, or for parameters out of range
 */
export function releaseBySampling(candidates: readonly SafePubCandidate[], options: SafePubOptions, random: RandomSource): SafePubRelease {
  const parameters = safePubParameters(options.epsilon, options.delta)
  const candidate = candidates.length === 1 ? 0 : choose(candidates, parameters, options.selectionEpsilon, random)
  const chosen = candidates[candidate]
  if (!chosen) throw new ModelError('differential privacy by sampling: give at least one generalisation to release under')
  const spent = candidates.length === 1 ? 0 : Number(options.selectionEpsilon)
  return { ...parameters, candidate, rows: sampledRows(chosen.classOf(), parameters, random), totalEpsilon: parameters.epsilon + spent }
}

function sampledRows(classOf: Int32Array, { beta, k }: SafePubParameters, random: RandomSource): Int32Array {
  const threshold = Math.floor(beta * sampleGrid)
  const sampled: number[] = []
  const sizes = new Map<number, number>()
  for (const [row, group] of classOf.entries()) {
    if (random.uint32() >= threshold) continue
    sampled.push(row)
    sizes.set(group, (sizes.get(group) ?? 0) + 1)
  }
  return Int32Array.from(sampled.filter((row) => (sizes.get(classOf[row] ?? -1) ?? 0) >= k))
}

/**
 * Exponential mechanism (McSherry and Talwar 2007): a candidate is drawn with a chance proportional to exp(epsilon score / (2
 * sensitivity)). It scores its detail once for each row that can be expected to survive, so for those in classes of at least k / beta
 * rows; one row more or less makes a class of that size appear or vanish. Drawn by rejection with exact coins, without exponentials
 * in floating point.
 */
function choose(candidates: readonly SafePubCandidate[], { beta, k }: SafePubParameters, epsilon: Quantity | undefined, random: RandomSource): number {
  if (epsilon === undefined || candidates.length === 0) {
    throw new ModelError('differential privacy by sampling: several generalisations need selectionEpsilon, what choosing among them may cost; or give one')
  }
  const { numerator, denominator } = rational(epsilon, 'selectionEpsilon')
  if (numerator <= 0n) throw new ModelError('differential privacy by sampling: selectionEpsilon is above 0')
  for (const { detail } of candidates) {
    if (!Number.isSafeInteger(detail) || detail < 0) throw new ModelError('differential privacy by sampling: detail is a whole number of at least 0')
  }
  const survives = Math.ceil(k / beta)
  const scores = candidates.map((candidate) => candidate.detail * rowsInLargeClasses(candidate.classOf(), survives))
  const best = Math.max(...scores)
  const sensitivity = BigInt(survives) * BigInt(Math.max(1, ...candidates.map((candidate) => candidate.detail)))
  for (;;) {
    const index = below(random, candidates.length)
    const behind = BigInt(best - (scores[index] ?? 0))
    if (bernoulliExp(random, numerator * behind, denominator * 2n * sensitivity)) return index
  }
}

function rowsInLargeClasses(classOf: Int32Array, least: number): number {
  const sizes = new Map<number, number>()
  for (const group of classOf) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  let rows = 0
  for (const size of sizes.values()) if (size >= least) rows += size
  return rows
}
