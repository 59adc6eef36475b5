/**
 * Population uniques under Pitman's sampling formula, fitted by maximum likelihood (Pitman 1995, "Exchangeable and partially
 * exchangeable random partitions"; Hoshino 2001, "Applying Pitman's sampling formula to microdata disclosure risk assessment").
 */

import type { ClassSizes } from './class-sizes.ts'
import { digamma, logGamma, trigamma } from './gamma.ts'

interface PitmanParameters {
  readonly theta: number
  readonly alpha: number
}

/**
 * Estimated share of the population that is unique in it: Gamma(theta + 1) / Gamma(theta + alpha) N^(alpha - 1). Undefined where the
 * likelihood has no maximum inside 0 < alpha < 1, theta > -alpha, as for a sample of uniques only.
 */
export function pitman(sample: ClassSizes, populationSize: number): number | undefined {
  if (!sample.classesOfSize.has(1)) return 0
  const fitted = fitPitman(sample)
  if (!fitted) return undefined
  const { theta, alpha } = fitted
  const share = Math.exp(logGamma(theta + 1) - logGamma(theta + alpha) + (alpha - 1) * Math.log(populationSize))
  return share <= 1 ? share : undefined
}

const roundsMax = 200
const halvingsMax = 40
/** Of the terms that cancel at the maximum; far below what the tenth digit of the estimate needs. */
const accuracy = 1e-13

/** Newton's method on the two derivatives of the log-likelihood; a step that leaves the domain or does not bring them closer to 0 is halved. */
export function fitPitman(sample: ClassSizes): PitmanParameters | undefined {
  for (const start of startingPoints(sample)) {
    const fitted = ascend(sample, start)
    if (fitted) return fitted
  }
  return undefined
}

function ascend(sample: ClassSizes, start: PitmanParameters): PitmanParameters | undefined {
  let at = start
  let slope = derivatives(sample, at)
  for (let round = 0; round < roundsMax; round++) {
    if (slope.distance < accuracy) return at
    const determinant = slope.thetaTheta * slope.alphaAlpha - slope.thetaAlpha ** 2
    const stepTheta = (slope.alphaAlpha * slope.theta - slope.thetaAlpha * slope.alpha) / determinant
    const stepAlpha = (slope.thetaTheta * slope.alpha - slope.thetaAlpha * slope.theta) / determinant
    let length = 1
    let next = slope
    let moved = at
    for (let halving = 0; halving < halvingsMax; halving++, length /= 2) {
      moved = { theta: at.theta - length * stepTheta, alpha: at.alpha - length * stepAlpha }
      if (!inDomain(moved)) continue
      next = derivatives(sample, moved)
      if (next.distance < slope.distance) break
    }
    // No shorter step comes closer: the last digits are reached, or this start leads nowhere.
    if (!(next.distance < slope.distance)) return slope.distance < accuracy * 1e3 ? at : undefined
    at = moved
    slope = next
  }
  return undefined
}

function inDomain({ theta, alpha }: PitmanParameters): boolean {
  return alpha > 0 && alpha < 1 && theta > -alpha
}

function startingPoints({ classesOfSize, classCount, rowCount }: ClassSizes): PitmanParameters[] {
  // Hoshino's moment estimates from the classes of one and two rows.
  const uniques = classesOfSize.get(1) ?? 0
  const c = (uniques * (uniques - 1)) / Math.max(1, classesOfSize.get(2) ?? 0)
  const theta = (rowCount * classCount * c - uniques * (rowCount - 1) * (2 * classCount + c)) / (2 * uniques * classCount + uniques * c - rowCount * c)
  const alpha = (theta * (uniques - rowCount) + (rowCount - 1) * uniques) / (rowCount * classCount)
  const guesses = [
    { theta, alpha },
    { theta: classCount, alpha: uniques / (2 * classCount) },
    { theta: classCount / 10, alpha: 0.5 },
    { theta: 1, alpha: 0.1 },
    { theta: 1, alpha: 0.9 },
  ]
  return guesses.filter((guess) => Number.isFinite(guess.theta) && inDomain(guess))
}

/**
 * First and second derivatives of the log-likelihood: sum over i < u of log(theta + i alpha), less that over i < n of log(theta + i),
 * plus that over the classes and j below their size of log(j - alpha). `distance` is how far both first derivatives are from 0,
 * relative to the terms that should cancel.
 */
function derivatives({ classesOfSize, classCount, rowCount }: ClassSizes, { theta, alpha }: PitmanParameters) {
  let theta1 = 0
  let alpha1 = 0
  let thetaTheta = 0
  let thetaAlpha = 0
  let alphaAlpha = 0
  for (let i = 1; i < classCount; i++) {
    const inverse = 1 / (theta + i * alpha)
    theta1 += inverse
    alpha1 += i * inverse
    thetaTheta -= inverse * inverse
    thetaAlpha -= i * inverse * inverse
    alphaAlpha -= i * i * inverse * inverse
  }
  const rows1 = digamma(rowCount + theta) - digamma(theta + 1)
  thetaTheta += trigamma(theta + 1) - trigamma(rowCount + theta)
  let inner1 = 0
  const digammaOne = digamma(1 - alpha)
  const trigammaOne = trigamma(1 - alpha)
  for (const [size, classes] of classesOfSize) {
    if (size === 1) continue
    inner1 += classes * (digamma(size - alpha) - digammaOne)
    alphaAlpha -= classes * (trigammaOne - trigamma(size - alpha))
  }
  const distance = Math.max(Math.abs(theta1 - rows1) / rows1, Math.abs(alpha1 - inner1) / alpha1)
  return { theta: theta1 - rows1, alpha: alpha1 - inner1, thetaTheta, thetaAlpha, alphaAlpha, distance }
}
