/** How precision and recall change with the threshold. */
import { judgedByWeight, type Measures, measures, type Scored } from './measures.ts'
import type { Truth } from './truth.ts'

export interface CurvePoint extends Measures {
  /** All links of at least this weight count, in bits. */
  readonly weight: number
  readonly probability: number
}

export interface Curve {
  /** From the strictest threshold to the mildest; one point for each weight that occurs, thinned to `pointsMax`. */
  readonly points: readonly CurvePoint[]
  /** The threshold with the highest F1, picked with the truth in hand: a bound, not what a user gets. */
  readonly best: CurvePoint | undefined
  /** Area under the curve by steps: the mean precision over the true pairs. */
  readonly averagePrecision: number
}

export const pointsMaxDefault = 200

export function curve(links: Scored, truth: Truth, pointsMax = pointsMaxDefault): Curve {
  const judged = judgedByWeight(links, truth)
  const points: CurvePoint[] = []
  let [right, wrong, averagePrecision] = [0, 0, 0]
  for (let from = 0, to = 0; from < judged.length; from = to) {
    const weight = judged[from]?.weight ?? 0
    const before = right
    for (; judged[to]?.weight === weight; to++) judged[to]?.match ? right++ : wrong++
    const probability = judged[to - 1]?.probability ?? 0
    points.push({ weight, probability, ...measures(right, wrong, truth.matches - right) })
    if (truth.matches > 0) averagePrecision += ((right - before) / truth.matches) * (right / (right + wrong))
  }
  const best = points.reduce<CurvePoint | undefined>((most, point) => (most === undefined || point.f1 > most.f1 ? point : most), undefined)
  return { points: thinned(points, pointsMax), best, averagePrecision }
}

function thinned(points: readonly CurvePoint[], most: number): CurvePoint[] {
  if (points.length <= most) return [...points]
  const picked = new Set(Array.from({ length: most }, (_, index) => Math.round((index * (points.length - 1)) / (most - 1))))
  return points.filter((_, index) => picked.has(index))
}

export const thresholdsDefault = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999] as const

/** The measures at probabilities that people choose. */
export function thresholdTable(links: Scored, truth: Truth, thresholds: readonly number[] = thresholdsDefault): (Measures & { readonly atLeast: number })[] {
  const judged = judgedByWeight(links, truth)
  return thresholds.map((atLeast) => {
    const counted = judged.filter((link) => link.probability >= atLeast)
    const right = counted.filter((link) => link.match).length
    return { atLeast, ...measures(right, counted.length - right, truth.matches - right) }
  })
}
