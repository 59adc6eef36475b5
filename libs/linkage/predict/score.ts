/** Scoring one pair: levels, bits, term frequencies. The one place where a weight is added up. */
import { levelFunction } from '../compare/level.ts'
import type { LevelOf } from '../compare/level-of.ts'
import { probabilityOf } from '../model/link.ts'
import type { Training } from '../model/schema.ts'
import { radixOf } from './pattern.ts'
import type { Compared } from './prepare.ts'
import { forbids, type Weights } from './weights.ts'

export interface Scorer {
  /** The pair's total weight in bits; its levels are in `levels` until the next call. */
  weight(left: number, right: number): number
  readonly levels: Uint8Array
  /** The pattern of the levels of the last pair. */
  pattern(): number
  /** What the term frequency of one comparison adds for the last pair. */
  frequencyBits(comparison: number, left: number, right: number): number
  /** The name of the rule that forbids the last pair. */
  forbidden(): string | undefined
}

export function scorer(prepared: Compared, weights: Weights): Scorer {
  const levelOf = prepared.comparisons.map(levelFunction)
  const codes = prepared.comparisons.map((comparison) => comparison.columns[0]?.codes ?? new Int32Array())
  const radix = radixOf(prepared.comparisons.map((comparison) => comparison.levelCount))
  const levels = new Uint8Array(levelOf.length)

  const frequencyBits = (comparison: number, left: number, right: number): number => {
    const share = weights.shares[comparison]?.[levels[comparison] as number] ?? 0
    const frequencies = prepared.frequencies[comparison]
    if (share === 0 || frequencies === undefined) return 0
    const own = codes[comparison] as Int32Array
    const frequency = Math.max(frequencies[own[left] as number] as number, frequencies[own[right] as number] as number)
    return share * Math.log2((weights.sameU[comparison] as number) / frequency)
  }

  return {
    levels,
    weight(left, right) {
      let total = weights.prior
      for (let i = 0; i < levelOf.length; i++) {
        const level = (levelOf[i] as LevelOf)(left, right)
        levels[i] = level
        total += (weights.bits[i] as Float64Array)[level] as number
        if (weights.shares[i] !== undefined) total += frequencyBits(i, left, right)
      }
      return total
    },
    pattern() {
      let pattern = 0
      for (let i = 0; i < levels.length; i++) pattern += (levels[i] as number) * (radix[i] as number)
      return pattern
    },
    frequencyBits,
    forbidden: () => forbids(weights.forbidden, levels)?.name,
  }
}

/** The probability for a weight: by the mixture itself, or by what labels have shown. */
export function calibrated(weight: number, calibration: Training['calibration']): number {
  if (calibration === undefined || calibration.weight.length === 0) return probabilityOf(weight)
  const { weight: knots, probability } = calibration
  const above = knots.findIndex((knot) => knot >= weight)
  if (above === 0) return probability[0] ?? 0
  if (above < 0) return probability.at(-1) ?? 1
  const [x0, x1] = [knots[above - 1] ?? 0, knots[above] ?? 0]
  const [y0, y1] = [probability[above - 1] ?? 0, probability[above] ?? 0]
  // Rounding must not lift a weight above the next knot.
  return x1 === x0 ? y1 : Math.min(y1, y0 + ((y1 - y0) * (weight - x0)) / (x1 - x0))
}
