/** Training: from a model and records to a model with weights, without any label. */
import { pairsOfAll } from '../block/blocks.ts'
import { visitPairs } from '../block/pairs.ts'
import { checkCap } from '../block/report.ts'
import { type Level, levelsOf } from '../compare/levels.ts'
import { LinkageError } from '../model/error.ts'
import type { ComparisonKind, Model, Rule, TrainedModel } from '../model/schema.ts'
import type { RecordTable } from '../normalize/table.ts'
import { levelsOfPattern, patternFunction } from '../predict/pattern.ts'
import { type Prepared, prepare, prepareRules } from '../predict/prepare.ts'
import { forbiddenOf, forbids } from '../predict/weights.ts'
import { matchShareMax, maximise } from './em.ts'
import { type Histogram, histogramBuilder } from './histogram.ts'
import { randomLevels, samplePairsDefault } from './random-pairs.ts'
import { columnWarnings, warningsOf } from './warnings.ts'

export interface TrainOptions {
  /** Everything that is drawn at random is drawn from this; one seed, one result. */
  readonly seed?: number
  /** Rules so strict that whoever agrees on one is one person. Without them EM estimates the prior. */
  readonly priorFrom?: readonly Rule[]
  /** Share of the true pairs that `priorFrom` finds. */
  readonly assumedRecall?: number
  readonly samplePairs?: number
  readonly trainingPairsMax?: number
}

export const trainingPairsMaxDefault = 4_000_000

/** @throws LinkageError `too_few_records`, `too_many_pairs`, and those of reading the table */
export function train(model: Model, table: RecordTable, options: TrainOptions = {}): TrainedModel {
  return trainPrepared(model, table, prepare(model, table), options)
}

export function trainPrepared(model: Model, table: RecordTable, prepared: Prepared, options: TrainOptions = {}): TrainedModel {
  const { link, offsets, comparisons } = prepared
  const { seed = 1, samplePairs = samplePairsDefault } = options
  const allPairs = pairsOfAll(link, offsets)
  if (allPairs < 1) {
    throw new LinkageError('too_few_records', `training needs at least two records that may be linked (${link}); the sources hold ${sizes(offsets)}`)
  }
  checkCap(prepared.rules, link, offsets, model.pairCap)
  const histogram = trainingHistogram(prepared, options.trainingPairsMax ?? trainingPairsMaxDefault)
  const random = randomLevels(comparisons, link, offsets, samplePairs, seed)
  const levels = model.compare.map(levelsOf)
  const m = levels.map(startingM)
  const alone = isAlone(model)
  const prior = priorFromRules(table, model, options, allPairs) ?? (alone ? priorFromSame(m, random, allPairs) : undefined)
  const levelCounts = comparisons.map((comparison) => comparison.levelCount)
  const result = maximise({
    histogram,
    levelCounts,
    forbidden: forbiddenRows(model, histogram, levelCounts),
    m,
    keepM: alone,
    random,
    randomPairs: Math.min(samplePairs, allPairs),
    allPairs,
    ...(prior === undefined ? {} : { prior }),
  })
  return {
    ...model,
    training: {
      prior: result.prior,
      m: result.m.map((shares) => [...shares]),
      u: result.u.map((shares) => [...shares]),
      seed,
      iterations: result.iterations,
      warnings: [...columnWarnings(table), ...warningsOf(model, result, random, alone)],
    },
  }
}

/** Where one of these is the same in two records, chance is hardly the reason. */
const tellingKinds: ReadonlySet<ComparisonKind> = new Set(['clk', 'email', 'identifier', 'nhsNumber', 'phone', 'token'])

/** One telling comparison by itself: agreement elsewhere, which EM learns from, is missing. */
export function isAlone({ compare }: Model): boolean {
  return compare.length === 1 && compare.every(({ kind }) => tellingKinds.has(kind))
}

/** Nearly all that is the same is taken for matches; what is merely alike is judged by how many of those there are. */
function priorFromSame(m: readonly Float64Array[], random: readonly Float64Array[], allPairs: number): number {
  const same = (matchShareMax * (random[0]?.[1] ?? 0)) / (m[0]?.[1] ?? 1)
  return Math.min(0.5, Math.max(same, 0.5 / allPairs))
}

function startingM(levels: readonly Level[]): Float64Array {
  const sum = levels.reduce((total, level) => total + level.m, 0)
  return Float64Array.from(levels, (level) => level.m / sum)
}

function forbiddenRows(model: Model, histogram: Histogram, levelCounts: readonly number[]): Uint8Array {
  const rules = forbiddenOf(model)
  return Uint8Array.from(histogram.patterns, (pattern) => (forbids(rules, levelsOfPattern(pattern, levelCounts)) === undefined ? 0 : 1))
}

function sizes(offsets: readonly number[]): string {
  return offsets
    .slice(1)
    .map((end, index) => end - (offsets[index] as number))
    .join(' and ')
}

/** Patterns of the blocked pairs. Where there are too many, every n-th block counts n times. */
export function trainingHistogram(prepared: Prepared, pairsMax: number): Histogram {
  const { rules, link, offsets } = prepared
  const pattern = patternFunction(prepared.comparisons)
  const histogram = histogramBuilder()
  for (const [index, blocks] of rules.entries()) {
    const blockCount = blocks.starts.length - 1
    const stride = strideOf(blocks.starts, pairsMax / rules.length)
    const visit = (left: number, right: number): void => histogram.add(pattern(left, right), stride)
    if (stride === 1) visitPairs(rules, index, 0, blockCount, link, offsets, visit)
    else for (let block = 0; block < blockCount; block += stride) visitPairs(rules, index, block, block + 1, link, offsets, visit)
  }
  return histogram.build()
}

function strideOf(starts: Int32Array, pairsMax: number): number {
  let pairs = 0
  for (let block = 0; block + 1 < starts.length; block++) {
    const size = (starts[block + 1] as number) - (starts[block] as number)
    pairs += (size * (size - 1)) / 2
  }
  return Math.max(1, Math.ceil(pairs / pairsMax))
}

function priorFromRules(table: RecordTable, model: Model, { priorFrom = [], assumedRecall = 0.8 }: TrainOptions, allPairs: number): number | undefined {
  if (priorFrom.length === 0) return undefined
  const rules = prepareRules(priorFrom, table)
  checkCap(rules, model.link, table.sources.offsets, model.pairCap)
  let pairs = 0
  for (const [index, blocks] of rules.entries()) {
    visitPairs(rules, index, 0, blocks.starts.length - 1, model.link, table.sources.offsets, () => {
      pairs++
    })
  }
  return Math.min(0.5, Math.max(pairs, 0.5) / assumedRecall / allPairs)
}
