/**
 * From one measure of privacy loss to another. Losses come out never smaller than they are: what floating point contributes is bounded
 * by `slack` and added on the safe side.
 */
import { ParameterError } from '../error.ts'
import { bound, positive } from '../parameter.ts'
import { fraction, type Quantity, type Rational, rational, times, toNumber, zero } from '../rational.ts'
import { deltaOf, lossOf, type Measure, type PrivacyLoss, rate } from './loss.ts'

/** Relative. The few dozen operations of each formula err by less than 1e-14; the rest is reserve. */
const slack = 1e-12

export function up(value: number): number {
  return value + Math.abs(value) * slack
}

export function down(value: number): number {
  return value - Math.abs(value) * slack
}

/**
 * The loss in another measure, where a conversion without further choices exists: pure to zCDP as epsilon^2 / 2 (Bun, Steinke 2016,
 * proposition 1.4), pure to approximate with delta 0.
 *
 * @throws ParameterError `measures_differ` for any other pair: it would need a delta somebody has to choose, or is not possible
 */
export function inMeasure(measure: Measure, loss: PrivacyLoss): PrivacyLoss {
  if (loss.measure === measure) return loss
  if (loss.measure === 'pure' && measure === 'zcdp') return { measure, rho: times(times(loss.epsilon, loss.epsilon), half) }
  if (loss.measure === 'pure') return { measure: 'approximate', epsilon: loss.epsilon, delta: zero }
  throw new ParameterError('measures_differ', 'loss', `a loss in ${loss.measure} cannot be charged to a budget in ${measure}`)
}

const half = fraction(1n, 2n)

/** epsilon = rho + 2 sqrt(rho ln(1/delta)) (Bun, Steinke 2016, proposition 1.3). */
export function zcdpToEpsilonSimple(rho: Quantity, delta: Quantity): number {
  const loss = toNumber(positive(rho, 'rho'))
  return up(loss + 2 * Math.sqrt(loss * logInverse(delta)))
}

/**
 * The smallest epsilon of min over alpha > 1 of alpha rho + (ln(1/delta) + (alpha - 1) ln(1 - 1/alpha) - ln alpha) / (alpha - 1)
 * (Canonne, Kamath, Steinke 2020, corollary 13). Any alpha is sound, so a search that stops early errs on the safe side.
 */
export function zcdpToEpsilon(rho: Quantity, delta: Quantity): number {
  const loss = toNumber(positive(rho, 'rho'))
  const log = logInverse(delta)
  const epsilonAt = (beyond: number): number => {
    const alpha = 1 + beyond
    return alpha * loss + (log - Math.log(alpha)) / beyond + Math.log(beyond / alpha)
  }
  // The curve has one valley in ln(alpha - 1); the simple conversion's alpha is near its floor.
  const start = Math.log(Math.sqrt(log / loss))
  return up(Math.max(0, epsilonAt(Math.exp(lowest((x) => epsilonAt(Math.exp(x)), start - 5, start + 5)))))
}

/**
 * The largest rho whose optimal conversion stays within (epsilon, delta): how to run a budget in zCDP towards a promise in (epsilon, delta).
 */
export function rhoWithin(epsilon: Quantity, delta: Quantity): number {
  const target = toNumber(positive(epsilon, 'epsilon'))
  let [low, high] = [0, target]
  // rho is at most epsilon at delta 0 and grows with delta only slowly; doubling finds an upper end.
  while (zcdpToEpsilon(high, delta) <= target) high *= 2
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2
    if (middle > 0 && zcdpToEpsilon(middle, delta) <= target) low = middle
    else high = middle
  }
  return down(low)
}

/**
 * The total epsilon of `count` adaptive answers of epsilon each, with delta' of its own (Dwork, Rothblum, Vadhan 2010, theorem III.3):
 * sqrt(2 k ln(1/delta')) epsilon + k epsilon (e^epsilon - 1). Deltas of the answers themselves add up beside it.
 */
export function advancedComposition(epsilon: Quantity, count: number, delta: Quantity): number {
  const each = toNumber(positive(epsilon, 'epsilon'))
  const steps = bound(count, 'count')
  return up(Math.sqrt(2 * steps * logInverse(delta)) * each + steps * each * Math.expm1(each))
}

/**
 * What a group of people is promised together where one person is promised `loss`: pure m epsilon, zCDP m^2 rho, approximate
 * (m epsilon, m e^((m-1) epsilon) delta) (Dwork, Roth 2014, theorem 2.2; Bun, Steinke 2016, proposition 1.9; Vadhan 2017, lemma 2.2).
 */
export function forGroup(loss: PrivacyLoss, people: number): PrivacyLoss {
  const size = rational(bound(people, 'people'), 'people')
  if (loss.measure === 'zcdp') return lossOf('zcdp', times(times(size, size), loss.rho), zero)
  const factor = up(people * Math.exp(up((people - 1) * toNumber(rate(loss)))))
  const delta = loss.measure === 'pure' || people === 1 ? deltaOf(loss) : atMostOne(times(deltaOf(loss), rational(Math.min(factor, Number.MAX_VALUE), 'delta')))
  return lossOf(loss.measure, times(size, rate(loss)), delta)
}

function atMostOne(probability: Rational): Rational {
  return probability.numerator > probability.denominator ? fraction(1n, 1n) : probability
}

/** @throws ParameterError `delta_out_of_range` */
export function logInverse(delta: Quantity): number {
  const { numerator, denominator } = rational(delta, 'delta')
  if (numerator <= 0n || numerator >= denominator) {
    throw new ParameterError('delta_out_of_range', 'delta', 'delta must lie between 0 and 1, both excluded')
  }
  return Math.log(toNumber({ numerator: denominator, denominator: numerator }))
}

const golden = (Math.sqrt(5) - 1) / 2

/** Where a curve with one valley is lowest, to about eight digits (golden-section search, Kiefer 1953). */
function lowest(curve: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  for (let step = 0; step < 80; step += 1) {
    const left = high - golden * (high - low)
    const right = low + golden * (high - low)
    if (curve(left) < curve(right)) high = right
    else low = left
  }
  return (low + high) / 2
}
