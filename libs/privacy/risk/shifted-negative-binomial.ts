/**
 * Population uniques where class sizes follow a shifted negative binomial distribution, 1 + NB(alpha, beta) (Chen and Keller-McNulty
 * 1998, "Estimation of identification disclosure risk in microdata"). The number of classes in the population is estimated by the
 * modified Shlosser estimator (Haas and Stokes 1998, "Estimating the number of classes in a finite population").
 */
import type { ClassSizes } from './class-sizes.ts'

/** What the estimator works from: classes of one and two rows, the sampling fraction, and the classes of the whole population. */
export interface SnbEquations {
  readonly ones: number
  readonly twos: number
  readonly fraction: number
  readonly populationClasses: number
}

/** Estimated share of the population that is unique in it; undefined where the equations have no solution. */
export function shiftedNegativeBinomial(sample: ClassSizes, populationSize: number): number | undefined {
  const ones = sample.classesOfSize.get(1) ?? 0
  if (ones === 0) return 0
  if (populationSize === sample.rowCount) return ones / sample.rowCount
  const fraction = sample.rowCount / populationSize
  const populationClasses = shlosser(sample, fraction)
  const fitted = fitSnb({ ones, twos: sample.classesOfSize.get(2) ?? 0, fraction, populationClasses })
  if (!fitted) return undefined
  const share = (populationClasses * fitted.beta ** fitted.alpha) / populationSize
  return share <= 1 ? share : undefined
}

/** Modified Shlosser estimator of the number of classes in the population (Haas and Stokes 1998, D_Sh3). */
export function shlosser({ classesOfSize, classCount }: ClassSizes, fraction: number): number {
  let squared = 0
  let seen = 0
  let missed = 0
  let single = 0
  for (const [size, classes] of classesOfSize) {
    const missing = (1 - fraction) ** size
    squared += classes * size * fraction ** 2 * (1 - fraction ** 2) ** (size - 1)
    seen += classes * ((1 - fraction ** 2) ** size - missing)
    missed += classes * missing
    single += classes * size * fraction * (1 - fraction) ** (size - 1)
  }
  return classCount + (classesOfSize.get(1) ?? 0) * (squared / seen) * (missed / single) ** 2
}

const logOddsMax = 24
const gridStep = 0.05

/**
 * Solves for the expected classes of one and two rows in a sample drawn with the given fraction. With q = 1 - beta and
 * d = (1 - fraction) q they are, from the derivatives of the generating function z (beta / (1 - q z))^alpha at 1 - fraction:
 *
 *     ones = K fraction (beta / (1 - d))^alpha (1 - d + alpha d) / (1 - d)
 *     twos = K fraction^2 alpha q beta^alpha (2 - (1 - alpha) d) / (2 (1 - d)^(alpha + 2))
 *
 * Their quotient grows with alpha, so for each beta one alpha fits it: the root of a quadratic. What is left is one equation in beta.
 */
export function fitSnb(equations: SnbEquations): { alpha: number; beta: number } | undefined {
  const { ones, twos, fraction, populationClasses } = equations
  if (ones === 0 || twos === 0) return undefined
  const excess = (beta: number): number => {
    const alpha = alphaFor(equations, beta)
    const d = (1 - fraction) * (1 - beta)
    return Math.log(populationClasses * fraction) + alpha * Math.log(beta / (1 - d)) + Math.log1p((alpha * d) / (1 - d)) - Math.log(ones)
  }
  // Solutions at the ends of the interval are found on the scale of log odds. Of several the one with the largest beta is taken.
  let high = logistic(logOddsMax)
  for (let logOdds = logOddsMax - gridStep; logOdds >= -logOddsMax; logOdds -= gridStep) {
    const low = logistic(logOdds)
    if (excess(low) > 0 !== excess(high) > 0) {
      const beta = bisect(excess, low, high)
      return { alpha: alphaFor(equations, beta), beta }
    }
    high = low
  }
  return undefined
}

function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}

function alphaFor({ ones, twos, fraction }: SnbEquations, beta: number): number {
  const q = 1 - beta
  const d = (1 - fraction) * q
  const scale = (fraction * q) / (2 * (1 - d))
  const quotient = twos / ones
  const linear = scale * (2 - d) - quotient * d
  const constant = quotient * (1 - d)
  // The positive root of scale d alpha^2 + linear alpha - constant, in the form that keeps its digits for a small d.
  const root = Math.sqrt(linear ** 2 + 4 * scale * d * constant)
  return linear > 0 ? (2 * constant) / (linear + root) : (root - linear) / (2 * scale * d)
}

function bisect(excess: (beta: number) => number, low: number, high: number): number {
  const aboveAtLow = excess(low) > 0
  let [left, right] = [low, high]
  for (;;) {
    const middle = (left + right) / 2
    if (middle <= left || middle >= right) return middle
    if (excess(middle) > 0 === aboveAtLow) left = middle
    else right = middle
  }
}
