import { forGroup } from '../account/convert.ts'
import { type PrivacyLoss, pure, zcdp } from '../account/loss.ts'
import type { NoiseLevel, Sensitivity } from '../measurement.ts'
import { positive } from '../parameter.ts'
import { fraction, over, rational, times, toNumber } from '../rational.ts'
import { discreteGaussian } from '../sampler/discrete-gaussian.ts'
import { discreteLaplace, discreteLaplaceVariance } from '../sampler/discrete-laplace.ts'
import type { IntegerSampler } from '../sampler/geometric.ts'

/** Noise for whole numbers of a known sensitivity. */
export interface AdditiveNoise {
  readonly mechanism: 'discrete Laplace' | 'discrete Gaussian'
  readonly sensitivity: Sensitivity
  readonly sampler: IntegerSampler
  /** Of the noise, in whole numbers; for the Gaussian an upper bound that is very near. */
  readonly standardDeviation: number
  privacyMap(people: number): PrivacyLoss
}

/**
 * Discrete Laplace noise of scale l1/epsilon, or discrete Gaussian noise of sigma^2 = l2^2 / (2 rho).
 *
 * @throws ParameterError `not_positive`
 */
export function additiveNoise(noise: NoiseLevel, sensitivity: Sensitivity): AdditiveNoise {
  if ('epsilon' in noise) {
    const scale = over(rational(sensitivity.l1, 'l1'), positive(noise.epsilon, 'epsilon'))
    const loss = pure(noise.epsilon)
    return {
      mechanism: 'discrete Laplace',
      sensitivity,
      sampler: discreteLaplace(scale),
      standardDeviation: Math.sqrt(discreteLaplaceVariance(scale)),
      privacyMap: (people) => forGroup(loss, people),
    }
  }
  const loss = zcdp(noise.rho)
  const variance = over(rational(sensitivity.l2Squared, 'l2Squared'), times(fraction(2n, 1n), positive(noise.rho, 'rho')))
  return {
    mechanism: 'discrete Gaussian',
    sensitivity,
    sampler: discreteGaussian(variance),
    standardDeviation: Math.sqrt(toNumber(variance)),
    privacyMap: (people) => forGroup(loss, people),
  }
}

/** Of one number that one person moves by at most `most`. */
export function scalar(most: number | bigint): Sensitivity {
  const change = BigInt(most)
  return { l1: change, l2Squared: change * change }
}

/** The level with a share of its epsilon or rho, for an answer put together from several draws. */
export function shareOf(noise: NoiseLevel, numerator: bigint, denominator: bigint): NoiseLevel {
  const share = fraction(numerator, denominator)
  return 'epsilon' in noise ? { epsilon: times(positive(noise.epsilon, 'epsilon'), share) } : { rho: times(positive(noise.rho, 'rho'), share) }
}
