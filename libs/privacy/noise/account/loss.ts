/**
 * Privacy loss in the three measures in use: what an answer costs the people in the data. Adjacent data sets differ by one person's
 * records being there or not. Everything here is exact; measures are turned into each other in `convert.ts`.
 */
import { ParameterError } from '../error.ts'
import { checkedDelta, positive } from '../parameter.ts'
import { compare, plus, type Quantity, type Rational, zero } from '../rational.ts'

/** Pure differential privacy (Dwork, McSherry, Nissim, Smith 2006), zero-concentrated (Bun, Steinke 2016), approximate (Dwork et al. 2006). */
export type Measure = 'pure' | 'zcdp' | 'approximate'

export type PrivacyLoss =
  | { readonly measure: 'pure'; readonly epsilon: Rational }
  | { readonly measure: 'zcdp'; readonly rho: Rational }
  | { readonly measure: 'approximate'; readonly epsilon: Rational; readonly delta: Rational }

/** @throws ParameterError `not_positive` */
export function pure(epsilon: Quantity): PrivacyLoss {
  return { measure: 'pure', epsilon: positive(epsilon, 'epsilon') }
}

/** @throws ParameterError `not_positive` */
export function zcdp(rho: Quantity): PrivacyLoss {
  return { measure: 'zcdp', rho: positive(rho, 'rho') }
}

/**
 * @param people how many people the data is about, as far as public; a lower bound is safe
 * @throws ParameterError `not_positive` for epsilon, `delta_out_of_range`, or `delta_too_large` where delta is 1/people or more
 */
export function approximate(epsilon: Quantity, delta: Quantity, people: number): PrivacyLoss {
  return { measure: 'approximate', epsilon: positive(epsilon, 'epsilon'), delta: checkedDelta(delta, people) }
}

/** No answer yet. */
export function nothing(measure: Measure): PrivacyLoss {
  return lossOf(measure, zero, zero)
}

/** Epsilon, or rho under zCDP: the part that every measure has. */
export function rate(loss: PrivacyLoss): Rational {
  return loss.measure === 'zcdp' ? loss.rho : loss.epsilon
}

export function deltaOf(loss: PrivacyLoss): Rational {
  return loss.measure === 'approximate' ? loss.delta : zero
}

/** The loss with these parts; delta counts only in the measure that has one. */
export function lossOf(measure: Measure, rate: Rational, delta: Rational): PrivacyLoss {
  if (measure === 'zcdp') return { measure, rho: rate }
  return measure === 'pure' ? { measure, epsilon: rate } : { measure, epsilon: rate, delta }
}

/**
 * What several answers from the same data cost together, also where each question was chosen after the answers before it: the losses
 * add up (Dwork et al. 2006; Bun, Steinke 2016).
 *
 * @throws ParameterError `measures_differ`
 */
export function sequential(measure: Measure, losses: Iterable<PrivacyLoss>): PrivacyLoss {
  let sum = nothing(measure)
  for (const loss of losses) {
    checkMeasure(measure, loss)
    sum = lossOf(measure, plus(rate(sum), rate(loss)), plus(deltaOf(sum), deltaOf(loss)))
  }
  return sum
}

/**
 * What answers cost together that each look at another part of the data: the worst part counts (McSherry 2009). Sound only where the
 * parts were fixed without looking at the data and every person lies in one part; `mechanism/parallel.ts` is the way to get there.
 *
 * @throws ParameterError `measures_differ`
 */
export function worst(measure: Measure, losses: Iterable<PrivacyLoss>): PrivacyLoss {
  let highest = zero
  let highestDelta = zero
  for (const loss of losses) {
    checkMeasure(measure, loss)
    if (compare(rate(loss), highest) > 0) highest = rate(loss)
    if (compare(deltaOf(loss), highestDelta) > 0) highestDelta = deltaOf(loss)
  }
  return lossOf(measure, highest, highestDelta)
}

function checkMeasure(measure: Measure, loss: PrivacyLoss): void {
  if (loss.measure !== measure) {
    throw new ParameterError('measures_differ', 'loss', `a loss in ${loss.measure} cannot be added to one in ${measure}; convert it first`)
  }
}
