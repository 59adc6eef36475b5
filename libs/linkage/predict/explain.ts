/** A pair's weight taken apart, by the same scorer that predicted it. */
import { levelsOf } from '../compare/levels.ts'
import type { PairWeight, WeightPart } from '../model/link.ts'
import type { Model } from '../model/schema.ts'
import { calibrated, type Scorer } from './score.ts'
import type { Weights } from './weights.ts'

export function pairWeight(model: Model, weights: Weights, score: Scorer, left: number, right: number): PairWeight {
  const total = score.weight(left, right)
  const parts = model.compare.map((comparison, index): WeightPart => {
    const level = score.levels[index] ?? 0
    return {
      comparison: comparison.name,
      columns: comparison.columns,
      level,
      label: levelsOf(comparison)[level]?.label ?? 'missing',
      bits: weights.bits[index]?.[level] ?? 0,
      termFrequencyBits: score.frequencyBits(index, left, right),
    }
  })
  const forbidden = score.forbidden()
  const probability = forbidden === undefined ? calibrated(total, weights.calibration) : 0
  return { left, right, prior: weights.prior, parts, total, probability, ...(forbidden === undefined ? {} : { forbidden }) }
}
