import { forGroup, up } from '../account/convert.ts'
import { approximate } from '../account/loss.ts'
import { ParameterError } from '../error.ts'
import type { Measurement, NoiseLevel, NoisyNumber, Sensitivity } from '../measurement.ts'
import { bound, checkedDelta, positive } from '../parameter.ts'
import { type Quantity, toNumber } from '../rational.ts'
import { additiveNoise } from './additive.ts'

/** How much one person may stand behind: in how many partitions, and with how many rows in each. */
export interface Contribution {
  readonly partitionsPerPerson?: number
  readonly rowsPerPartition?: number
}

/**
 * The number of rows per partition, for partitions known beforehand; each is answered, empty or not. Rows of other keys are left out.
 *
 * @throws ParameterError `not_positive`, `not_a_bound`, `no_choice`, `duplicate_key`
 */
export function histogram<Key>(keys: readonly Key[], noise: NoiseLevel, contribution: Contribution = {}): Measurement<Iterable<Key>, Map<Key, NoisyNumber>> {
  if (keys.length === 0) throw new ParameterError('no_choice', 'keys', 'a histogram needs at least one partition')
  const known = new Set(keys)
  if (known.size < keys.length) throw new ParameterError('duplicate_key', 'keys', 'a partition is listed twice')
  const { mechanism, sensitivity, sampler, standardDeviation, privacyMap } = additiveNoise(noise, sensitivityOf(contribution))
  return {
    mechanism,
    sensitivity,
    privacyMap,
    measure(rows, random) {
      const counts = countKeys(rows, (key) => known.has(key))
      return new Map(keys.map((key) => [key, { value: Number(BigInt(counts.get(key) ?? 0) + sampler(random)), standardDeviation }]))
    },
  }
}

export interface PartitionSelectionParameters extends Contribution {
  readonly epsilon: Quantity
  readonly delta: Quantity
  /** How many people the data is about, as far as public; a lower bound is safe. Delta has to be smaller than one in them. */
  readonly people: number
}

export interface PartitionSelection extends Measurement<Iterable<string>, Map<string, NoisyNumber>> {
  /** Partitions whose noisy count is smaller are left out. */
  readonly threshold: number
}

/**
 * The number of rows per partition where the keys themselves come from the data: a key may be somebody's own, so it is told only if its
 * noisy count reaches a threshold that a single person's key passes with a probability of at most delta (Korolova et al. 2009). Keys
 * come out sorted: the order of the rows must not show.
 *
 * @throws ParameterError `not_positive`, `not_a_bound`, `delta_out_of_range`, `delta_too_large`
 */
export function partitionSelection(parameters: PartitionSelectionParameters): PartitionSelection {
  const epsilon = positive(parameters.epsilon, 'epsilon')
  const delta = checkedDelta(parameters.delta, parameters.people)
  const loss = approximate(epsilon, delta, parameters.people)
  const sensitivity = sensitivityOf(parameters)
  const { sampler, standardDeviation } = additiveNoise({ epsilon }, sensitivity)
  const partitions = parameters.partitionsPerPerson ?? 1
  const rowsPerPartition = parameters.rowsPerPartition ?? 1
  const threshold = rowsPerPartition + smallestTail(toNumber(epsilon) / Number(sensitivity.l1), toNumber(delta) / partitions)
  return {
    mechanism: 'discrete Laplace with threshold',
    sensitivity,
    threshold,
    privacyMap: (people) => forGroup(loss, people),
    measure(rows, random) {
      const selected = new Map<string, NoisyNumber>()
      const counts = countKeys(rows, () => true)
      for (const key of [...counts.keys()].sort()) {
        const value = Number(BigInt(counts.get(key) ?? 0) + sampler(random))
        if (value >= threshold) selected.set(key, { value, standardDeviation })
      }
      return selected
    },
  }
}

/**
 * The smallest x >= 1 with P(X >= x) = exp(-x rate) / (1 + exp(-rate)) <= probability, for discrete Laplace noise X of scale 1/rate.
 * Not smaller than that, whatever floating point does.
 */
function smallestTail(rate: number, probability: number): number {
  const beyond = (x: number): boolean => up(up(Math.exp(-x * rate)) / (1 + Math.exp(-rate))) > probability
  let x = Math.max(1, Math.floor(-(Math.log(probability) + Math.log1p(Math.exp(-rate))) / rate) - 1)
  while (beyond(x)) x += 1
  return x
}

function sensitivityOf({ partitionsPerPerson = 1, rowsPerPartition = 1 }: Contribution): Sensitivity {
  const partitions = BigInt(bound(partitionsPerPerson, 'partitionsPerPerson'))
  const rows = BigInt(bound(rowsPerPartition, 'rowsPerPartition'))
  return { l1: partitions * rows, l2Squared: partitions * rows * rows }
}

function countKeys<Key>(rows: Iterable<Key>, counted: (key: Key) => boolean): Map<Key, number> {
  const counts = new Map<Key, number>()
  for (const key of rows) if (counted(key)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
