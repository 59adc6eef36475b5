import { below } from '../../random/draw.ts'
import type { RandomSource } from '../../random/random.ts'
import { forGroup } from '../account/convert.ts'
import { pure } from '../account/loss.ts'
import { ParameterError } from '../error.ts'
import type { Measurement } from '../measurement.ts'
import { positive } from '../parameter.ts'
import { type Quantity, toNumber } from '../rational.ts'
import { bernoulliExp } from '../sampler/bernoulli-exp.ts'

export interface RandomisedResponse<Category> extends Measurement<Category, Category> {
  /** Unbiased numbers of people per category behind a list of reports. A single one may be negative. */
  estimate(reports: Iterable<Category>): Map<Category, number>
}

/**
 * Each person's answer is made deniable before it leaves them (Warner 1965; for several categories Kairouz, Bonawitz, Ramage 2016): true
 * with the probability e^epsilon / (e^epsilon + k - 1), else one of the others. Drawn exactly: a category at random is kept for sure if
 * it is the true one, else with the probability exp(-epsilon).
 *
 * @param categories all there are, known beforehand; `[false, true]` for a yes-or-no question
 * @throws ParameterError `not_positive`, `no_choice` for fewer than two categories, `duplicate_key`; when measuring, `unknown_key`
 */
export function randomisedResponse<Category>(epsilon: Quantity, categories: readonly Category[]): RandomisedResponse<Category> {
  const { numerator, denominator } = positive(epsilon, 'epsilon')
  if (categories.length < 2) throw new ParameterError('no_choice', 'categories', 'a deniable answer needs at least two categories')
  const known = new Set(categories)
  if (known.size < categories.length) throw new ParameterError('duplicate_key', 'categories', 'a category is listed twice')
  const loss = pure(epsilon)

  function check(category: Category): void {
    if (!known.has(category)) throw new ParameterError('unknown_key', 'categories', 'an answer is none of the categories declared')
  }

  return {
    mechanism: 'randomised response',
    privacyMap: (people) => forGroup(loss, people),
    measure(truth: Category, random: RandomSource) {
      check(truth)
      for (;;) {
        const candidate = categories[below(random, categories.length)] as Category
        if (candidate === truth || bernoulliExp(random, numerator, denominator)) return candidate
      }
    },
    estimate(reports) {
      const seen = new Map(categories.map((category) => [category, 0]))
      let total = 0
      for (const report of reports) {
        check(report)
        seen.set(report, (seen.get(report) ?? 0) + 1)
        total += 1
      }
      const lie = Math.exp(-toNumber({ numerator, denominator }))
      const weight = 1 + (categories.length - 1) * lie
      for (const [category, count] of seen) seen.set(category, (count * weight - total * lie) / (1 - lie))
      return seen
    },
  }
}
