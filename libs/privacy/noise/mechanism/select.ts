import { below, shuffle } from '../../random/draw.ts'
import type { RandomSource } from '../../random/random.ts'
import { forGroup } from '../account/convert.ts'
import { pure } from '../account/loss.ts'
import { ParameterError } from '../error.ts'
import type { Measurement } from '../measurement.ts'
import { positive } from '../parameter.ts'
import { fraction, larger, type Quantity, type Rational, times } from '../rational.ts'
import { bernoulliExp } from '../sampler/bernoulli-exp.ts'
import { scalar } from './additive.ts'

/** Both give epsilon. Permute-and-flip's expected error is never larger, and at best half of the other's. */
export type SelectionMethod = 'permute-and-flip' | 'exponential'

export interface SelectionParameters<Data> {
  /** The utility of each candidate, higher being better, on a grid of whole numbers. The number of candidates must not depend on the data. */
  readonly utilities: (data: Data) => readonly bigint[]
  /** The most one person changes any candidate's utility by. */
  readonly sensitivity: bigint
  readonly epsilon: Quantity
  readonly method?: SelectionMethod
}

/**
 * The place of a candidate of high utility. Utilities are whole numbers, so that each probability exp(-epsilon distance / (2
 * sensitivity)) is drawn exactly.
 *
 * @throws ParameterError `not_positive`; when measuring, `no_choice` without a candidate
 */
export function select<Data>(parameters: SelectionParameters<Data>): Measurement<Data, number> {
  const epsilon = positive(parameters.epsilon, 'epsilon')
  const sensitivity = positive(parameters.sensitivity, 'sensitivity')
  const method = parameters.method ?? 'permute-and-flip'
  const perUnit = times(epsilon, fraction(sensitivity.denominator, 2n * sensitivity.numerator))
  const loss = pure(epsilon)
  return {
    mechanism: method,
    sensitivity: scalar(parameters.sensitivity),
    privacyMap: (people) => forGroup(loss, people),
    measure(data, random) {
      const utilities = parameters.utilities(data)
      if (utilities.length === 0) throw new ParameterError('no_choice', 'utilities', 'there is no candidate to choose from')
      return method === 'exponential' ? exponential(random, utilities, perUnit) : permuteAndFlip(random, utilities, perUnit)
    },
  }
}

/**
 * McSherry, Talwar 2007: candidate i with a probability proportional to exp(perUnit utility). Drawn by rejection: a candidate at random
 * is kept with the probability exp(-perUnit (best - utility)), so no weight is ever computed.
 */
function exponential(random: RandomSource, utilities: readonly bigint[], perUnit: Rational): number {
  const best = highest(utilities)
  for (;;) {
    const candidate = below(random, utilities.length)
    if (keeps(random, best - (utilities[candidate] ?? best), perUnit)) return candidate
  }
}

/** McKenna, Sheldon 2020: the candidates in random order, each taken with that same probability; the best is always taken. */
function permuteAndFlip(random: RandomSource, utilities: readonly bigint[], perUnit: Rational): number {
  const best = highest(utilities)
  const order = shuffle(random, utilities.keys())
  const taken = order.find((candidate) => keeps(random, best - (utilities[candidate] ?? best), perUnit))
  return taken ?? 0
}

function keeps(random: RandomSource, distance: bigint, perUnit: Rational): boolean {
  return bernoulliExp(random, distance * perUnit.numerator, perUnit.denominator)
}

function highest(utilities: readonly bigint[]): bigint {
  return utilities.reduce(larger)
}
