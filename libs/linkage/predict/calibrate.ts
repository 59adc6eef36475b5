/**
 * From weights to probabilities as labels have shown them: isotonic regression by pooling adjacent violators (Ayer and others
 * 1955). The order of pairs never changes, only what their weights are worth.
 */
import { LinkageError } from '../model/error.ts'
import type { Links } from '../model/link.ts'
import type { TrainedModel, Training } from '../model/schema.ts'

export interface Labelled {
  readonly weight: number
  readonly match: boolean
}

export const labelsMin = 20

/** @throws LinkageError `too_few_records` for fewer than twenty labels, or labels of one kind only */
export function calibrate(model: TrainedModel, labelled: readonly Labelled[]): TrainedModel {
  const matches = labelled.filter((label) => label.match).length
  if (labelled.length < labelsMin || matches === 0 || matches === labelled.length) {
    throw new LinkageError(
      'too_few_records',
      `calibration needs at least ${labelsMin} labelled pairs, matches and others; there are ${matches} matches and ${labelled.length - matches} others`,
    )
  }
  return { ...model, training: { ...model.training, calibration: isotonic(labelled) } }
}

interface Pool {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly matches: number
}

export function isotonic(labelled: readonly Labelled[]): NonNullable<Training['calibration']> {
  const pools: Pool[] = []
  for (const { weight, match } of [...labelled].sort((left, right) => left.weight - right.weight)) {
    let pool: Pool = { from: weight, to: weight, count: 1, matches: match ? 1 : 0 }
    for (
      let last = pools.at(-1);
      last !== undefined && (last.matches / last.count >= pool.matches / pool.count || last.to === pool.from);
      last = pools.at(-1)
    ) {
      pools.pop()
      pool = { from: last.from, to: pool.to, count: last.count + pool.count, matches: last.matches + pool.matches }
    }
    pools.push(pool)
  }
  const knots = pools.flatMap((pool) => {
    // Half a pair on either side: no number of labels proves a probability of 0 or 1.
    const probability = (pool.matches + 0.5) / (pool.count + 1)
    return pool.from === pool.to
      ? [{ weight: pool.from, probability }]
      : [
          { weight: pool.from, probability },
          { weight: pool.to, probability },
        ]
  })
  let least = 0
  return {
    weight: knots.map((knot) => knot.weight),
    probability: knots.map((knot) => {
      least = Math.max(least, knot.probability)
      return least
    }),
  }
}

/** Links at or above `link` stand by themselves, those from `review` up to it go before a person. */
export interface ReviewBand {
  readonly review: number
  readonly link: number
}

export interface BandTotals {
  readonly links: number
  readonly toReview: number
  /** Links that stand by themselves and are expected to be wrong: the sum of what their probabilities lack. */
  readonly expectedFalse: number
  /** Matches that are expected among those under review. */
  readonly expectedInReview: number
}

export function bandOf(probability: number, band: ReviewBand): 'link' | 'review' | 'apart' {
  if (probability >= band.link) return 'link'
  return probability >= band.review ? 'review' : 'apart'
}

export function bandTotals(links: Links, band: ReviewBand): BandTotals {
  const totals = { links: 0, toReview: 0, expectedFalse: 0, expectedInReview: 0 }
  for (const probability of links.probability) {
    const where = bandOf(probability, band)
    if (where === 'link') {
      totals.links++
      totals.expectedFalse += 1 - probability
    } else if (where === 'review') {
      totals.toReview++
      totals.expectedInReview += probability
    }
  }
  return totals
}
