import { positive } from '../parameter.ts'
import { floor, type Quantity } from '../rational.ts'
import { bernoulliExp } from './bernoulli-exp.ts'
import { discreteLaplace } from './discrete-laplace.ts'
import type { IntegerSampler } from './geometric.ts'

/**
 * The discrete Gaussian distribution P(X = x) proportional to exp(-x^2 / (2 sigma^2)) over the whole numbers (Canonne, Kamath, Steinke
 * 2020, algorithm 3: draws of the discrete Laplace, thinned out). Added to integers that one person moves by at most D in the Euclidean
 * norm, it gives D^2 / (2 sigma^2)-zCDP. Its variance is at most sigma^2.
 *
 * @param variance the parameter sigma^2
 * @throws ParameterError `not_positive`
 */
export function discreteGaussian(variance: Quantity): IntegerSampler {
  const exact = positive(variance, 'variance')
  const { numerator, denominator } = exact
  // Any scale would do; one near sigma throws the fewest draws away.
  const scale = squareRoot(floor(exact)) + 1n
  const candidate = discreteLaplace(scale)
  // (|y| - sigma^2/t)^2 / (2 sigma^2), brought to whole numbers.
  const unit = denominator * scale
  const divisor = 2n * numerator * denominator * scale * scale
  return (random) => {
    for (;;) {
      const drawn = candidate(random)
      const distance = (drawn < 0n ? -drawn : drawn) * unit - numerator
      if (bernoulliExp(random, distance * distance, divisor)) return drawn
    }
  }
}

/** The largest whole number whose square is not above the value (Newton's iteration from above). */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
