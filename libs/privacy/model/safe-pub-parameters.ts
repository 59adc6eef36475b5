/**
 * How large a sample and which k make generalised records (epsilon, delta)-differentially private (Li, Qardaji and Su 2012, "On
 * sampling, anonymization, and differential privacy: or, k-anonymization meets differential privacy"; Bild, Kuhn and Prasser 2018,
 * "SafePub: a truthful data anonymization algorithm with strong privacy guarantees").
 */
import { exactly, exp, type Interval, log, minus, over, plus, times } from './interval.ts'
import { ModelError } from './model.ts'

export interface SafePubParameters {
  readonly epsilon: number
  readonly delta: number
  /** Chance of each row to be in the sample, 1 - exp(-epsilon), rounded down. */
  readonly beta: number
  /** Classes of the sample with fewer rows are suppressed. */
  readonly k: number
}

/** Beyond these a sample is nearly nothing or nearly all, and k grows into the hundred thousands. */
export const safePubEpsilon = { least: 0.001, most: 8 } as const

/**
 * The smallest k with which a sample drawn with beta = 1 - exp(-epsilon) is (epsilon, delta)-differentially private once classes
 * below k are suppressed, the generalisation being chosen without looking at the data. With
 * gamma = (exp(epsilon) - 1 + beta) / exp(epsilon) = 1 - exp(-2 epsilon), the delta of a k is the largest chance, over all class
 * sizes n >= k / gamma - 1, that more than gamma n of n rows are sampled. Every step is rounded to the safe side.
 *
 * @throws ModelError unless 0.001 <= epsilon <= 8 and 0 < delta < 1
 */
export function safePubParameters(epsilon: number, delta: number): SafePubParameters {
  const { least, most } = safePubEpsilon
  if (!(epsilon >= least && epsilon <= most)) throw new ModelError(`differential privacy by sampling: epsilon lies from ${least} to ${most}, not ${epsilon}`)
  if (!(delta > 0 && delta < 1))
    throw new ModelError(`differential privacy by sampling: delta lies between 0 and 1, not ${delta}; it should be far below 1 / rows`)
  const kept = exp(exactly(-epsilon))
  const beta = minus(exactly(1), kept)
  const gamma = minus(exactly(1), times(kept, kept))
  const n = largestFailing(beta, gamma, delta)
  // The smallest k with k / gamma - 1 > n leaves every failing class size out.
  return { epsilon, delta, beta: beta.low, k: Math.floor(times(gamma, exactly(n + 1)).high) + 1 }
}

/** The largest class size with a tail above delta; 0 when none has. Beyond Chernoff's bound none can have. */
function largestFailing(beta: Interval, gamma: Interval, delta: number): number {
  const keepOdds = log(over(beta, minus(exactly(1), beta)))
  const missLog = log(minus(exactly(1), beta))
  const divergence = plus(times(gamma, log(over(gamma, beta))), times(minus(exactly(1), gamma), log(over(minus(exactly(1), gamma), minus(exactly(1), beta)))))
  const bound = Math.ceil(Math.log(1 / delta) / divergence.low) + 1
  const logFactorial = logFactorials(bound)
  for (let n = bound; n > 0; n--) {
    const from = Math.floor(gamma.low * n) + 1
    if (from > n) continue
    const binomial = minus(at(logFactorial, n), plus(at(logFactorial, from), at(logFactorial, n - from)))
    const first = exp(plus(binomial, plus(times(exactly(from), keepOdds), times(exactly(n), missLog))))
    if (tailAbove(first, from, n, over(beta, minus(exactly(1), beta)), delta)) return n
  }
  return 0
}

/** Whether P(J = from) + ... + P(J = n) may exceed delta; each term is the one before times (n - j) / (j + 1) odds. */
function tailAbove(first: Interval, from: number, n: number, odds: Interval, delta: number): boolean {
  let term = first
  let sum = first
  for (let j = from; j < n; j++) {
    if (sum.high > delta) return true
    const ratio = times(over(exactly(n - j), exactly(j + 1)), odds)
    term = times(term, ratio)
    sum = plus(sum, term)
    // The ratios fall, so a geometric series bounds what is left.
    if (ratio.high < 1) {
      const rest = over(times(term, ratio), minus(exactly(1), ratio))
      if (plus(sum, rest).high <= delta) return false
    }
  }
  return sum.high > delta
}

function logFactorials(most: number): Interval[] {
  const found = [exactly(0)]
  for (let n = 1; n <= most; n++) found.push(plus(at(found, n - 1), log(exactly(n))))
  return found
}

function at(list: readonly Interval[], index: number): Interval {
  const found = list[index]
  if (!found) throw new RangeError(`no factorial of ${index} was prepared`)
  return found
}
