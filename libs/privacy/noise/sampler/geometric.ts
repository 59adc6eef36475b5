import { below, belowBig } from '../../random/draw.ts'
import type { RandomSource } from '../../random/random.ts'
import { positive } from '../parameter.ts'
import type { Quantity } from '../rational.ts'
import { bernoulliExp, bernoulliExpOfShare, largestFast } from './bernoulli-exp.ts'

/** Draws one whole number of a fixed distribution. */
export type IntegerSampler = (random: RandomSource) => bigint

/**
 * The geometric distribution P(X = x) = (1 - exp(-1/scale)) exp(-x/scale) over x = 0, 1, 2, ... (Canonne, Kamath, Steinke 2020, first
 * half of algorithm 2). For scale = t/s, a draw Z with scale t is put together from its remainder and its quotient modulo t, and
 * floor(Z/s) has the scale wanted.
 *
 * @throws ParameterError `not_positive`
 */
export function geometric(scale: Quantity): IntegerSampler {
  const { numerator, denominator } = positive(scale, 'scale')
  if (numerator > largestFast || denominator > largestFast) return (random) => drawLarge(random, numerator, denominator)
  const draw = smallGeometric(Number(numerator), Number(denominator))
  return (random) => BigInt(draw(random))
}

/** `geometric` for the scale t/s with t and s up to 2^32. Gives a `bigint` in the one case beyond the exact doubles. */
export function smallGeometric(t: number, s: number): (random: RandomSource) => number | bigint {
  return (random) => {
    let remainder = 0
    // A remainder u is kept with the probability exp(-u/t).
    do remainder = below(random, t)
    while (!bernoulliExpOfShare(random, remainder, t))
    const quotient = headsOfExpOne(random)
    const whole = remainder + t * quotient
    if (!Number.isSafeInteger(whole)) return (BigInt(remainder) + BigInt(t) * BigInt(quotient)) / BigInt(s)
    return s === 1 ? whole : (whole - (whole % s)) / s
  }
}

function drawLarge(random: RandomSource, t: bigint, s: bigint): bigint {
  let remainder = 0n
  do remainder = belowBig(random, t)
  while (!bernoulliExp(random, remainder, t))
  return (remainder + t * BigInt(headsOfExpOne(random))) / s
}

/** How many coins of probability exp(-1) show heads before the first tail. */
function headsOfExpOne(random: RandomSource): number {
  let heads = 0
  while (bernoulliExpOfShare(random, 1, 1)) heads += 1
  return heads
}
