import type { RandomSource } from '../random/random.ts'
import type { PrivacyLoss } from './account/loss.ts'
import type { Rational } from './rational.ts'

/**
 * How far one person can move the whole numbers that noise is added to, over all the cells of the answer. People come and go as a
 * whole: adjacent data sets differ by all the rows of one person.
 */
export interface Sensitivity {
  /** Sum of the changes. */
  readonly l1: bigint
  /** Sum of the squares of the changes. */
  readonly l2Squared: bigint
}

/** A question with its noise: complete before it has seen data. */
export interface Measurement<Data, Answer> {
  /** The field's name of the mechanism, such as `discrete Laplace`. */
  readonly mechanism: string
  /** In the integers the noise is added to, or in the utility for a choice. Absent where the value itself is randomised. */
  readonly sensitivity?: Sensitivity
  /** What the answer costs so many people together; `privacyMap(1)` is what one person is promised. */
  privacyMap(people: number): PrivacyLoss
  /** Draws one answer. Calling it twice gives two answers, and costs twice. */
  measure(data: Data, random: RandomSource): Answer
}

/** A number with noise. */
export interface NoisyNumber {
  readonly value: number
  /** The standard deviation of the noise in the unit of the value; known without the data. */
  readonly standardDeviation: number
}

/** How much noise: epsilon buys discrete Laplace noise (pure), rho discrete Gaussian noise (zCDP). */
export type NoiseLevel = { readonly epsilon: number | string | Rational } | { readonly rho: number | string | Rational }
