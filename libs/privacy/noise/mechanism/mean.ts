import { sequential } from '../account/loss.ts'
import { type GridParameters, grid, sumSteps } from '../grid.ts'
import type { Measurement, NoiseLevel } from '../measurement.ts'
import { bound } from '../parameter.ts'
import { additiveNoise, scalar, shareOf } from './additive.ts'

export interface NoisyMean {
  /** Within the bounds. */
  readonly value: number
  /** The noisy number of values behind it: where it is small, the mean says little. */
  readonly count: number
}

/**
 * The mean of a column as a noisy sum over a noisy count, half of the budget each. What is summed is the distance from the middle of
 * the bounds, which needs half the noise (Li, Lyu, Su, Yang 2016, section 2.5). Missing values (NaN) are left out.
 *
 * @param rowsPerPerson the most rows one person has
 * @throws ParameterError as {@link grid}, and `not_positive`, `not_a_bound`
 */
export function mean(parameters: GridParameters, noise: NoiseLevel, rowsPerPerson = 1): Measurement<Iterable<number>, NoisyMean> {
  const points = grid(parameters)
  const rows = bound(rowsPerPerson, 'rowsPerPerson')
  const middle = Math.floor((points.lower + points.upper) / 2)
  const part = shareOf(noise, 1n, 2n)
  const distances = additiveNoise(part, scalar(BigInt(points.upper - middle) * BigInt(rows)))
  const counted = additiveNoise(part, scalar(rows))
  return {
    mechanism: distances.mechanism,
    sensitivity: distances.sensitivity,
    privacyMap(people) {
      const loss = distances.privacyMap(people)
      return sequential(loss.measure, [loss, counted.privacyMap(people)])
    },
    measure(values, random) {
      const { sum, count } = sumSteps(points, values, middle)
      const noisySum = Number(sum + distances.sampler(random))
      const noisyCount = count + Number(counted.sampler(random))
      const steps = middle + noisySum / Math.max(1, noisyCount)
      const size = points.fromSteps(1)
      return { value: Math.min(points.upper, Math.max(points.lower, steps)) * size, count: noisyCount }
    },
  }
}
