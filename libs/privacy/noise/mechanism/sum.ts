import { type GridParameters, grid, sumSteps } from '../grid.ts'
import type { Measurement, NoiseLevel, NoisyNumber } from '../measurement.ts'
import { bound } from '../parameter.ts'
import { fraction, times, toNumber } from '../rational.ts'
import { additiveNoise, scalar } from './additive.ts'

/**
 * The sum of a column, each value clamped and rounded to the grid first. A missing value (NaN) adds nothing.
 *
 * @param rowsPerPerson the most rows one person has
 * @throws ParameterError as {@link grid}, and `not_positive`, `not_a_bound`
 */
export function sum(parameters: GridParameters, noise: NoiseLevel, rowsPerPerson = 1): Measurement<Iterable<number>, NoisyNumber> {
  const points = grid(parameters)
  // A person with a value is in the data or not, so the sum moves by up to the bound farther from 0.
  const most = BigInt(Math.max(Math.abs(points.lower), Math.abs(points.upper))) * BigInt(bound(rowsPerPerson, 'rowsPerPerson'))
  const { mechanism, sensitivity, sampler, standardDeviation, privacyMap } = additiveNoise(noise, scalar(most))
  return {
    mechanism,
    sensitivity,
    privacyMap,
    measure(values, random) {
      const noisy = sumSteps(points, values).sum + sampler(random)
      return { value: toNumber(times(fraction(noisy, 1n), points.step)), standardDeviation: standardDeviation * toNumber(points.step) }
    },
  }
}
