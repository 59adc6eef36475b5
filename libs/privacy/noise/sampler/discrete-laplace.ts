import { below } from '../../random/draw.ts'
import type { RandomSource } from '../../random/random.ts'
import { positive } from '../parameter.ts'
import { type Quantity, type Rational, toNumber } from '../rational.ts'
import { largestFast } from './bernoulli-exp.ts'
import { geometric, type IntegerSampler, smallGeometric } from './geometric.ts'

/**
 * The discrete Laplace distribution P(X = x) proportional to exp(-|x|/scale) over the whole numbers (Ghosh, Roughgarden, Sundararajan
 * 2009; exact sampling after Canonne, Kamath, Steinke 2020, algorithm 2). Added to a sum that one person moves by at most D, the scale
 * D/epsilon gives epsilon-differential privacy.
 *
 * @throws ParameterError `not_positive`
 */
export function discreteLaplace(scale: Quantity): IntegerSampler {
  const exact = positive(scale, 'scale')
  const fast = exact.numerator <= largestFast && exact.denominator <= largestFast
  const magnitude: (random: RandomSource) => number | bigint = fast ? smallGeometric(Number(exact.numerator), Number(exact.denominator)) : geometric(exact)
  return (random) => {
    for (;;) {
      const negative = below(random, 2) === 1
      const size = BigInt(magnitude(random))
      // Zero has two signs; one of them is drawn again, or it would come up twice as often.
      if (!negative) return size
      if (size !== 0n) return -size
    }
  }
}

/** 2 q / (1 - q)^2 with q = exp(-1/scale): for error bars, not used in drawing. */
export function discreteLaplaceVariance(scale: Rational): number {
  const half = 1 / (2 * toNumber(scale))
  return 1 / (2 * Math.sinh(half) ** 2)
}
