/**
 * Prediction: pairs stream from the blocks through the scorer, and only links at or above the threshold are kept. Work is cut
 * into chunks of blocks, the same whatever number of workers takes them; `mergeLinks` brings the parts into one order.
 */
import { pairsWithin } from '../block/blocks.ts'
import { visitPairs } from '../block/pairs.ts'
import { checkCap } from '../block/report.ts'
import { type Links, weightOf } from '../model/link.ts'
import type { TrainedModel } from '../model/schema.ts'
import { linkBuffer, mergeLinks } from './link-buffer.ts'
import type { Compared, Prepared } from './prepare.ts'
import { calibrated, scorer } from './score.ts'
import { type Weights, weightsOf } from './weights.ts'

/** Some blocks of one rule. */
export interface Chunk {
  readonly rule: number
  readonly from: number
  readonly to: number
  /** For progress: pairs, those of earlier rules included. */
  readonly pairs: number
}

export interface PredictOptions {
  /** The least probability of a link. */
  readonly atLeast?: number
}

export const atLeastDefault = 0.5
export const chunkPairsDefault = 250_000

/** Cuts the work into chunks of about `pairs` pairs. */
export function chunksOf(prepared: Pick<Prepared, 'rules' | 'link' | 'offsets'>, pairs = chunkPairsDefault): Chunk[] {
  const chunks: Chunk[] = []
  for (const [rule, { records, starts }] of prepared.rules.entries()) {
    let from = 0
    let sum = 0
    for (let block = 0; block + 1 < starts.length; block++) {
      sum += pairsWithin(records, starts[block] as number, starts[block + 1] as number, prepared.link, prepared.offsets)
      if (sum < pairs && block + 2 < starts.length) continue
      chunks.push({ rule, from, to: block + 1, pairs: sum })
      from = block + 1
      sum = 0
    }
  }
  return chunks
}

/** The links of one chunk, unsorted. Give workers `prepared` and `weights`, which are plain data. */
export function predictChunk(prepared: Prepared, weights: Weights, chunk: Chunk, options: PredictOptions = {}): Links {
  const keep = linkKeeper(prepared, weights, options)
  visitPairs(prepared.rules, chunk.rule, chunk.from, chunk.to, prepared.link, prepared.offsets, (left, right) => keep.visit(left, right, chunk.rule))
  return keep.links(ruleNames(prepared))
}

export interface LinkKeeper {
  visit(left: number, right: number, rule: number): void
  links(rules: readonly string[]): Links
}

export function linkKeeper(compared: Compared, weights: Weights, { atLeast = atLeastDefault }: PredictOptions): LinkKeeper {
  const score = scorer(compared, weights)
  const found = linkBuffer()
  // A probability is worked out only where it can reach the threshold; the margin is far above rounding.
  const surely = weights.calibration === undefined ? weightOf(atLeast) - 1e-6 : Number.NEGATIVE_INFINITY
  return {
    visit(left, right, rule) {
      const weight = score.weight(left, right)
      if (weight < surely) return
      const probability = calibrated(weight, weights.calibration)
      if (probability < atLeast || (weights.forbidden.length > 0 && score.forbidden() !== undefined)) return
      found.add(left, right, weight, probability, score.pattern(), rule)
    },
    links: (rules) => found.build(rules),
  }
}

function ruleNames(prepared: Prepared): string[] {
  return prepared.rules.map((blocks) => blocks.rule)
}

/** All links of a table. @throws LinkageError `too_many_pairs` */
export function predict(model: TrainedModel, prepared: Prepared, options: PredictOptions = {}): Links {
  checkCap(prepared.rules, prepared.link, prepared.offsets, model.pairCap)
  const keep = linkKeeper(prepared, weightsOf(model), options)
  for (const [rule, blocks] of prepared.rules.entries()) {
    visitPairs(prepared.rules, rule, 0, blocks.starts.length - 1, prepared.link, prepared.offsets, (left, right) => keep.visit(left, right, rule))
  }
  return mergeLinks([keep.links(ruleNames(prepared))])
}
