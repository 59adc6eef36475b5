/**
 * Coins with the probability exp(-p/q), from whole numbers alone (Canonne, Kamath, Steinke 2020, algorithm 1; the idea is von
 * Neumann's, 1951). No logarithm and no exponential is computed, so no rounding can be observed in what is drawn.
 */
import { below, belowBig } from '../../random/draw.ts'
import type { RandomSource } from '../../random/random.ts'

/** Numbers up to here take the path without `bigint`; the draws are the same in law. */
export const largestFast = 0x1_0000_0000

/**
 * True with the probability exp(-numerator/denominator).
 *
 * @throws RangeError unless numerator >= 0 and denominator >= 1
 */
export function bernoulliExp(random: RandomSource, numerator: bigint, denominator: bigint): boolean {
  if (numerator < 0n || denominator < 1n) throw new RangeError(`bernoulliExp: exp(-(${numerator}/${denominator})) is not a probability`)
  // exp(-(w + r)) = exp(-1)^w exp(-r); the first failure ends it, so a large w costs little.
  for (let whole = numerator / denominator; whole > 0n; whole -= 1n) if (!bernoulliExpOfShare(random, 1, 1)) return false
  const rest = numerator % denominator
  return denominator <= largestFast ? bernoulliExpOfShare(random, Number(rest), Number(denominator)) : bernoulliExpOfLargeShare(random, rest, denominator)
}

/**
 * True with the probability exp(-numerator/denominator) for 0 <= numerator <= denominator <= 2^53 - 1. The number of the first
 * failure in coins of probability share/1, share/2, share/3, ... is odd with just that probability. A coin of share/k is thrown as two
 * coins, 1/k and share, so that no product leaves the exact whole numbers.
 */
export function bernoulliExpOfShare(random: RandomSource, numerator: number, denominator: number): boolean {
  let trial = 1
  while (below(random, trial) === 0 && below(random, denominator) < numerator) trial += 1
  return trial % 2 === 1
}

function bernoulliExpOfLargeShare(random: RandomSource, numerator: bigint, denominator: bigint): boolean {
  let trial = 1
  while (below(random, trial) === 0 && belowBig(random, denominator) < numerator) trial += 1
  return trial % 2 === 1
}
