/** How wide Gaussian noise has to be for (epsilon, delta). Widths come out never smaller than needed. */
import { positive } from '../parameter.ts'
import { type Quantity, rational, toNumber } from '../rational.ts'
import { logInverse, up } from './convert.ts'

/** sigma = sensitivity sqrt(2 ln(1.25/delta)) / epsilon, for epsilon up to 1 (Dwork, Roth 2014, theorem A.1). */
export function classicalSigma(sensitivity: Quantity, epsilon: Quantity, delta: Quantity): number {
  return up((toNumber(positive(sensitivity, 'sensitivity')) * Math.sqrt(2 * (Math.log(1.25) + logInverse(delta)))) / toNumber(positive(epsilon, 'epsilon')))
}

/**
 * The smallest sigma with Phi(s/2 - epsilon/s) - e^epsilon Phi(-s/2 - epsilon/s) <= delta, s = sensitivity/sigma: exact for continuous
 * Gaussian noise (Balle, Wang 2018, theorem 8), and for any epsilon. For planning; what the discrete mechanism promises is its zCDP.
 */
export function analyticSigma(sensitivity: Quantity, epsilon: Quantity, delta: Quantity): number {
  const promise = toNumber(positive(epsilon, 'epsilon'))
  logInverse(delta)
  const allowed = toNumber(rational(delta, 'delta'))
  const within = (sigma: number): boolean => gaussianDelta(promise, 1 / sigma) <= allowed
  let [low, high] = [0, 1]
  while (!within(high)) [low, high] = [high, high * 2]
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2
    if (within(middle)) high = middle
    else low = middle
  }
  return up(high * toNumber(positive(sensitivity, 'sensitivity')))
}

/** The delta of Gaussian noise at epsilon, for a sensitivity of `shift` standard deviations. */
function gaussianDelta(epsilon: number, shift: number): number {
  const upper = normal(shift / 2 - epsilon / shift)
  const lower = normal(-shift / 2 - epsilon / shift)
  // The difference of nearly equal terms: the error of both is charged.
  return upper - Math.exp(epsilon) * lower + 4e-15 * upper
}

/** The standard normal distribution function. */
function normal(x: number): number {
  return x <= 0 ? complementaryError(-x * Math.SQRT1_2) / 2 : 1 - complementaryError(x * Math.SQRT1_2) / 2
}

/** erfc for x >= 0: below 1 by the series of erf, above by the continued fraction (Abramowitz, Stegun 7.1.6 and 7.1.14). */
function complementaryError(x: number): number {
  const bell = Math.exp(-x * x) / Math.sqrt(Math.PI)
  if (x < 1) {
    let [term, sum] = [x, x]
    for (let n = 1; n < 60; n += 1) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - 2 * bell * sum
  }
  let tail = x
  for (let n = 400; n >= 1; n -= 1) tail = x + n / 2 / tail
  return bell / tail
}
