/**
 * How many persons are unique in the population, estimated from the class sizes of a sample of it. No estimator is right for all
 * data; Dankar, El Emam, Neisa and Roffey (2012, "Estimating the re-identification risk of clinical data sets") compared them and
 * gave the rule that chooses one.
 */
import { type ClassSizes, classSizes } from './class-sizes.ts'
import { pitman } from './pitman.ts'
import { shiftedNegativeBinomial } from './shifted-negative-binomial.ts'
import { zayatz } from './zayatz.ts'

export const uniquenessEstimators = ['dankar', 'pitman', 'zayatz', 'snb'] as const
export type UniquenessEstimator = (typeof uniquenessEstimators)[number]

export interface UniquenessEstimate {
  /** Share of the population that is unique in it, from 0 to 1. */
  readonly share: number
  /** Which estimator gave it; Dankar's rule names the one it chose. */
  readonly estimator: Exclude<UniquenessEstimator, 'dankar'>
}

/** Up to this sampling fraction Dankar's rule trusts Pitman's model. */
const pitmanFractionMax = 0.1

/**
 * Estimated share of population uniques. A table without sample uniques has none. Undefined where the estimator has no answer, such
 * as SNB without classes of two rows; Dankar's rule then falls back on Zayatz, who always has one.
 *
 * @param classesOfSize number of classes by their number of rows
 * @param populationSize persons in the population, the sample's included
 * @throws RangeError when the population is smaller than the sample
 */
export function estimateUniqueness(
  classesOfSize: ReadonlyMap<number, number>,
  populationSize: number,
  estimator: UniquenessEstimator = 'dankar',
): UniquenessEstimate | undefined {
  const sample = classSizes(classesOfSize)
  if (!Number.isSafeInteger(populationSize) || populationSize < sample.rowCount) {
    throw new RangeError(`the population is a whole number of at least the ${sample.rowCount} rows of the sample, not ${populationSize}`)
  }
  if (estimator === 'dankar') return dankar(sample, populationSize)
  const share = estimate(estimator, sample, populationSize)
  return share === undefined ? undefined : { share, estimator }
}

/** Pitman up to a sampling fraction of a tenth, above that the smaller of Zayatz and SNB. */
function dankar(sample: ClassSizes, populationSize: number): UniquenessEstimate {
  const byZayatz = { share: zayatz(sample, populationSize), estimator: 'zayatz' } as const
  const rival = sample.rowCount <= pitmanFractionMax * populationSize ? 'pitman' : 'snb'
  const share = estimate(rival, sample, populationSize)
  if (share === undefined || (rival === 'snb' && byZayatz.share < share)) return byZayatz
  return { share, estimator: rival }
}

function estimate(estimator: Exclude<UniquenessEstimator, 'dankar'>, sample: ClassSizes, populationSize: number): number | undefined {
  if (estimator === 'pitman') return pitman(sample, populationSize)
  return estimator === 'zayatz' ? zayatz(sample, populationSize) : shiftedNegativeBinomial(sample, populationSize)
}
