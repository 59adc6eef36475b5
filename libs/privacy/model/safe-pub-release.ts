/**
 * Truthful records under differential privacy: a random sample, generalised, without its small classes (Bild, Kuhn and Prasser 2018,
 * "SafePub: a truthful data anonymization algorithm with strong privacy guarantees").
 */
import { select } from '../noise/mechanism/select.ts'
import { type Quantity, rational, toNumber } from '../noise/rational.ts'
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
 * @throws ParameterError `not_positive` for a `selectionEpsilon` of 0 or less
 */
export function releaseBySampling(candidates: readonly SafePubCandidate[], options: SafePubOptions, random: RandomSource): SafePubRelease {
  const parameters = safePubParameters(options.epsilon, options.delta)
  const { candidate, spent } = chosenFrom(candidates, parameters, options.selectionEpsilon, random)
  const rows = sampledRows(candidates[candidate]?.classOf() ?? new Int32Array(), parameters, random)
  return { ...parameters, candidate, rows, totalEpsilon: parameters.epsilon + spent }
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
 * A candidate scores its detail once for each row that can be expected to survive, so for those in classes of at least k / beta rows;
 * one row more or less makes a class of that size appear or vanish, which bounds the sensitivity.
 */
function chosenFrom(
  candidates: readonly SafePubCandidate[],
  { beta, k }: SafePubParameters,
  selectionEpsilon: Quantity | undefined,
  random: RandomSource,
): { candidate: number; spent: number } {
  if (candidates.length === 0) throw new ModelError('differential privacy by sampling: give at least one generalisation to release under')
  if (candidates.length === 1) return { candidate: 0, spent: 0 }
  if (selectionEpsilon === undefined) {
    throw new ModelError('differential privacy by sampling: several generalisations need selectionEpsilon, what choosing among them may cost; or give one')
  }
  if (!candidates.every(({ detail }) => Number.isSafeInteger(detail) && detail >= 0)) {
    throw new ModelError('differential privacy by sampling: detail is a whole number of at least 0')
  }
  const survives = Math.ceil(k / beta)
  const utilities = () => candidates.map((candidate) => BigInt(candidate.detail) * BigInt(rowsInLargeClasses(candidate.classOf(), survives)))
  const sensitivity = BigInt(survives) * BigInt(Math.max(1, ...candidates.map((candidate) => candidate.detail)))
  const chooser = select({ utilities, sensitivity, epsilon: selectionEpsilon, method: 'exponential' })
  return { candidate: chooser.measure(undefined, random), spent: toNumber(rational(selectionEpsilon, 'selectionEpsilon')) }
}

function rowsInLargeClasses(classOf: Int32Array, least: number): number {
  const sizes = new Map<number, number>()
  for (const group of classOf) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  let rows = 0
  for (const size of sizes.values()) if (size >= least) rows += size
  return rows
}
