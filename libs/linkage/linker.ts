/**
 * One linker for all: it holds a model and the records of one or more sources, trains, predicts, explains, and takes new records
 * in. Columns in clear, pseudonyms and encoded values differ only in how the model compares them. A linker never changes;
 * training and adding give a new one.
 */
import type { SourceRecord } from '@gatehouse/tabular/value'
import { visitNewPairs } from './block/between.ts'
import { type BlockingReport, blockingReport } from './block/report.ts'
import { LinkageError } from './model/error.ts'
import type { CannotLink, Links, PairWeight } from './model/link.ts'
import type { Model } from './model/schema.ts'
import { extendTable } from './normalize/extend.ts'
import { columnIn, type RecordTable, recordTable, type SourceData } from './normalize/table.ts'
import { pairWeight } from './predict/explain.ts'
import { mergeLinks } from './predict/link-buffer.ts'
import { linkKeeper, type PredictOptions, predict } from './predict/predict.ts'
import { type Compared, frequenciesOf, type Prepared, prepareCompared, prepareRules } from './predict/prepare.ts'
import { type Scorer, scorer } from './predict/score.ts'
import { type FrequencyOf, pairScorer } from './predict/score-pair.ts'
import { forbiddenOf, forbids, requireTrained, type Weights, weightsOf } from './predict/weights.ts'
import { type TrainOptions, trainPrepared } from './train/train.ts'

export interface Added {
  /** Holds the new records too; the old ones keep their numbers. */
  readonly linker: Linker
  /** Links of new records with old ones and with each other. */
  readonly links: Links
}

/** @throws LinkageError `missing_column` when a source lacks a column that the model uses */
export function linkerOf(model: Model, sources: readonly SourceData[]): Linker {
  const table = recordTable(model.columns, sources)
  return new Linker(model, table, prepareCompared(model, table))
}

export class Linker {
  readonly model: Model
  readonly table: RecordTable
  readonly #compared: Compared
  #prepared: Prepared | undefined
  #weights: Weights | undefined
  #scorer: Scorer | undefined
  #pairScorer: ((left: SourceRecord, right: SourceRecord) => PairWeight) | undefined

  /** Use `linkerOf`. */
  constructor(model: Model, table: RecordTable, compared: Compared, prepared?: Prepared) {
    this.model = model
    this.table = table
    this.#compared = compared
    this.#prepared = prepared
  }

  /** Model and records ready for `chunksOf` and `predictChunk`: plain data that a worker can be given. */
  get prepared(): Prepared {
    this.#prepared ??= { link: this.model.link, offsets: this.table.sources.offsets, ...this.#compared, rules: prepareRules(this.model.block, this.table) }
    return this.#prepared
  }

  /** @throws LinkageError `not_trained` */
  get weights(): Weights {
    requireTrained(this.model)
    this.#weights ??= weightsOf(this.model)
    return this.#weights
  }

  /** What blocking costs; with each record's person (-1 where unknown) also what it finds. */
  blocking(truth?: Int32Array): BlockingReport {
    return blockingReport(this.prepared.rules, this.model.link, this.table.sources.offsets, truth)
  }

  /** @throws LinkageError `too_few_records`, `too_many_pairs` */
  train(options: TrainOptions = {}): Linker {
    return this.withModel(trainPrepared(this.model, this.table, this.prepared, options))
  }

  /** The same records under a model that compares alike: trained elsewhere, or calibrated. */
  withModel(model: Model): Linker {
    const before = JSON.stringify([this.model.columns, this.model.compare, this.model.block, this.model.link])
    if (JSON.stringify([model.columns, model.compare, model.block, model.link]) !== before) {
      throw new LinkageError('bad_model', 'the other model compares or blocks otherwise; make a linker of its own for it')
    }
    return new Linker(model, this.table, this.#compared, this.#prepared)
  }

  /** All links at or above a probability. @throws LinkageError `not_trained`, `too_many_pairs` */
  predict(options: PredictOptions = {}): Links {
    requireTrained(this.model)
    return predict(this.model, this.prepared, options)
  }

  /** Why two records are linked, or not. Holds no values: what the viewer may see is the caller's to decide. */
  explain(left: number, right: number): PairWeight {
    for (const record of [left, right]) {
      if (!(record >= 0 && record < this.table.rowCount)) throw new RangeError(`there is no record ${record}; there are ${this.table.rowCount}`)
    }
    const { weights } = this
    this.#scorer ??= scorer(this.#compared, weights)
    return pairWeight(this.model, weights, this.#scorer, left, right)
  }

  /** For clustering: whether a conflict rule keeps two records apart, whatever joins them. */
  get cannotLink(): CannotLink {
    const rules = forbiddenOf(this.model)
    if (rules.length === 0) return () => undefined
    const { weights } = this
    const score = scorer(this.#compared, weights)
    return (left, right) => {
      score.weight(left, right)
      return forbids(rules, score.levels)?.name
    }
  }

  /** Weighs two records that need not be in the table, with the table's frequencies. */
  scorePair(left: SourceRecord, right: SourceRecord): PairWeight {
    requireTrained(this.model)
    this.#pairScorer ??= pairScorer(this.model, this.#frequencyOf())
    return this.#pairScorer(left, right)
  }

  /** Takes new records in as a source of their own. @throws LinkageError `not_trained`, `missing_column`, `too_many_pairs` */
  add(source: SourceData, options: PredictOptions = {}): Added {
    requireTrained(this.model)
    const { model } = this
    const table = extendTable(this.table, model.columns, source)
    const linker = new Linker(model, table, prepareCompared(model, table, this.#compared))
    const keep = linkKeeper(linker.#compared, this.weights, options)
    let pairs = 0
    visitNewPairs(table, model.block, this.table.rowCount, model.link, (left, right, rule) => {
      if (++pairs > model.pairCap)
        throw new LinkageError('too_many_pairs', `the new records make more than ${model.pairCap} pairs; add fewer at a time or a term to a blocking rule`)
      keep.visit(left, right, rule)
    })
    return { linker, links: mergeLinks([keep.links(model.block.map((rule) => rule.name))]) }
  }

  #frequencyOf(): FrequencyOf {
    const tables = new Map<string, Map<string, number>>()
    for (const { termFrequency, columns } of this.model.compare) {
      const [name] = columns
      if (!termFrequency || name === undefined) continue
      const column = columnIn(this.table, name)
      const shares = frequenciesOf(column)
      tables.set(name, new Map(column.values.map((value, code) => [value, shares[code] ?? 0])))
    }
    return (column, value) => tables.get(column)?.get(value)
  }
}
