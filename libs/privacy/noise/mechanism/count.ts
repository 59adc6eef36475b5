import type { Measurement, NoiseLevel, NoisyNumber } from '../measurement.ts'
import { bound } from '../parameter.ts'
import { additiveNoise, scalar } from './additive.ts'

/**
 * How many rows there are. May come out negative: that is the noise, and cutting it off would bias averages of such answers.
 *
 * @param rowsPerPerson the most rows one person has; `limitContributions` sees to it
 * @throws ParameterError `not_positive`, `not_a_bound`
 */
export function count(noise: NoiseLevel, rowsPerPerson = 1): Measurement<Iterable<unknown>, NoisyNumber> {
  const { mechanism, sensitivity, sampler, standardDeviation, privacyMap } = additiveNoise(noise, scalar(bound(rowsPerPerson, 'rowsPerPerson')))
  return {
    mechanism,
    sensitivity,
    privacyMap,
    measure(rows, random) {
      let seen = 0n
      for (const _ of rows) seen += 1n
      return { value: Number(seen + sampler(random)), standardDeviation }
    },
  }
}
