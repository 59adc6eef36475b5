/**
 * Two tables linked, as a link job does it: a model drafted from what the columns mean unless one is given, weights learnt from the
 * records, links above the threshold, and what is in doubt set aside for people. Pure, and for a process of its own: it takes what it
 * works on and knows nothing of the node.
 */
import type { Primitives } from '@gatehouse/crypto/primitives'
import { cluster } from '@gatehouse/linkage/cluster/cluster'
import { draftModel, type Meanings } from '@gatehouse/linkage/draft/draft-model'
import { type Waterfall, waterfall } from '@gatehouse/linkage/explain/waterfall'
import { levelWeights } from '@gatehouse/linkage/explain/weights-chart'
import { type Linker, linkerOf } from '@gatehouse/linkage/linker'
import { modelHash } from '@gatehouse/linkage/model/hash'
import type { Links } from '@gatehouse/linkage/model/link'
import { type Model, modelSchema } from '@gatehouse/linkage/model/schema'
import { shownBy } from '@gatehouse/linkage/normalize/table'
import { requireTrained } from '@gatehouse/linkage/predict/weights'
import { chooseExamples } from '@gatehouse/linkage/report/examples'
import { linkFigures } from '@gatehouse/linkage/report/summary'
import { rowNames } from '@gatehouse/linkage/token/row-name'
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { JobReport } from './report.ts'

export interface TableToLink {
  readonly reference: string
  /** Its columns are called by what they mean where they mean something (`given_name`), so that two tables have the same. */
  readonly data: Dataset
  /** Columns that name a row, as they are called in `data`; all of them where the table has no key. */
  readonly key: readonly string[]
}

export interface LinkTask {
  readonly left: TableToLink
  readonly right: TableToLink
  readonly model: Model | undefined
  readonly dateOrder: 'dmy' | 'mdy' | 'ymd' | undefined
  readonly threshold: number
  readonly reviewFrom: number
  /** Each table has a person once. */
  readonly oneToOne: boolean
  readonly seed: number
  readonly doubtfulMax: number
  /** The key of the digests that rows are named by. */
  readonly rowKey: Uint8Array
  /** What people have decided, by the names of both rows with a space between them. */
  readonly decisions: ReadonlyMap<string, boolean>
}

export interface Linked {
  readonly model: Model
  readonly report: JobReport
  /** Names of rows, never values. */
  readonly links: { readonly left: readonly string[]; readonly right: readonly string[]; readonly probability: Float64Array }
  readonly doubtful: readonly { readonly left: string; readonly right: string; readonly probability: number; readonly fall: Waterfall }[]
}

/** Pairs under the threshold that the report shows too. */
const scoredFrom = 0.01

/** @throws LinkageError `no_column` where the tables have nothing in common that tells people apart; `too_few_records`; `too_many_pairs` */
export function linkTables(primitives: Primitives, task: LinkTask): Linked {
  const { left, right, threshold, reviewFrom, seed } = task
  const model = task.model === undefined ? draftModel('link', meaningsIn(task)) : modelSchema.parse(task.model)
  const linker = trained(
    linkerOf(
      model,
      [left, right].map(({ reference, data }) => ({ name: reference, data })),
    ),
    seed,
  )
  requireTrained(linker.model)
  const border = left.data.rowCount
  const names = [left, right].flatMap(({ reference, data, key }) => {
    const columns = data.columns.filter(({ field }) => key.includes(field.name))
    return rowNames(primitives, task.rowKey, reference, columns, data.rowCount)
  })
  const scored = linker.predict({ atLeast: Math.min(scoredFrom, reviewFrom) })
  const said = decisionsAmong(scored, names, task.decisions)
  const kept = clustered(linker, scored, task, said)
  const doubtful = indexes(scored).filter((at) => said[at] === undefined && isDoubtful(scored, at, task) && !kept.taken(at))
  const fall = (at: number, show: boolean) =>
    waterfall(linker.explain(scored.left[at] as number, scored.right[at] as number), show ? shownBy(linker.table) : undefined)
  const nearest = doubtful.toSorted((one, other) => probabilityOf(scored, other) - probabilityOf(scored, one)).slice(0, task.doubtfulMax)
  const place = (record: number) => (record < border ? `${left.reference}, row ${record + 1}` : `${right.reference}, row ${record - border + 1}`)
  return {
    model: linker.model,
    report: {
      sources: [left, right].map(({ reference, data }) => ({ name: reference, records: data.rowCount })),
      model_hash: modelHash(primitives, linker.model),
      prior: linker.weights.prior,
      warnings: [...linker.model.training.warnings],
      refused: [...linker.table.columns].flatMap(([column, { refused }]) => refused.map(({ because, count }) => ({ column, because, count }))),
      blocking: blockingOf(linker),
      levels: levelWeights(linker.model).map(({ termFrequency, ...level }) => ({ ...level, term_frequency: termFrequency })),
      by_weight: linkFigures(scored, threshold).byWeight.map((step) => ({ ...step })),
      links: kept.indexes.length,
      expected_false: kept.indexes.reduce((sum, at) => sum + (said[at] === true ? 0 : 1 - probabilityOf(scored, at)), 0),
      decided: { linked: said.filter((one) => one === true).length, parted: said.filter((one) => one === false).length },
      doubtful: doubtful.length,
      examples: chooseExamples(scored, threshold).map(({ why, left: one, right: other }) => {
        const { prior, steps, total, probability, sentence } = waterfall(linker.explain(one, other))
        const bars = steps.map(({ comparison, level, bits, from, to, sentence: words }) => ({ comparison, level, bits, from, to, sentence: words }))
        return { why, place: `${place(one)} – ${place(other)}`, prior, total, probability, sentence, steps: bars }
      }),
    },
    links: {
      left: kept.indexes.map((at) => names[scored.left[at] as number] as string),
      right: kept.indexes.map((at) => names[scored.right[at] as number] as string),
      probability: Float64Array.from(kept.indexes, (at) => (said[at] === true ? 1 : probabilityOf(scored, at))),
    },
    doubtful: nearest.map((at) => ({
      left: names[scored.left[at] as number] as string,
      right: names[scored.right[at] as number] as string,
      probability: probabilityOf(scored, at),
      fall: fall(at, true),
    })),
  }
}

const indexes = ({ length }: Links) => Array.from({ length }, (_, index) => index)
const probabilityOf = ({ probability }: Links, at: number) => probability[at] as number
const isDoubtful = (scored: Links, at: number, { threshold, reviewFrom }: LinkTask) =>
  probabilityOf(scored, at) >= reviewFrom && probabilityOf(scored, at) < threshold

const trained = (linker: Linker, seed: number) => (linker.model.training === undefined ? linker.train({ seed }) : linker)

/** What both tables have, under the name of its meaning. */
function meaningsIn({ left, right, dateOrder }: LinkTask): Meanings {
  const shared = left.data.columns.map(({ field }) => field).filter(({ name }) => right.data.columns.some(({ field }) => field.name === name))
  return new Map(
    shared.flatMap(({ name, semantic }) => (semantic === name ? [[name, { column: name, ...(dateOrder === undefined ? {} : { dateOrder }) }] as const] : [])),
  ) as unknown as Meanings
}

/** By place among the scored pairs: what people said of it. */
function decisionsAmong(scored: Links, names: readonly string[], decisions: ReadonlyMap<string, boolean>): (boolean | undefined)[] {
  if (decisions.size === 0) return Array.from({ length: scored.length }, () => undefined)
  return indexes(scored).map((at) => {
    const [one, other] = [names[scored.left[at] as number] as string, names[scored.right[at] as number] as string].sort() as [string, string]
    return decisions.get(`${one} ${other}`)
  })
}

/** The links that count: decided ones first, none that people have parted, and each record once where it is in its table once. */
function clustered(linker: Linker, scored: Links, task: LinkTask, said: readonly (boolean | undefined)[]) {
  const counts = indexes(scored).filter((at) => said[at] !== false && (said[at] === true || probabilityOf(scored, at) >= task.threshold))
  const edges = { ...part(scored, counts, said), rules: scored.rules }
  const parted = new Set(indexes(scored).flatMap((at) => (said[at] === false ? [`${scored.left[at]} ${scored.right[at]}`] : [])))
  const clusters = cluster(edges, {
    method: task.oneToOne ? 'one-to-one' : 'components',
    recordCount: linker.table.rowCount,
    cannotLink: (left, right) => (parted.has(`${Math.min(left, right)} ${Math.max(left, right)}`) ? 'decided' : linker.cannotLink(left, right)),
    ...(task.oneToOne ? { onePer: linker.table.sources } : {}),
  })
  const joined = counts.filter((at) => clusters.ids[scored.left[at] as number] === clusters.ids[scored.right[at] as number])
  const records = new Set(task.oneToOne ? joined.flatMap((at) => [scored.left[at] as number, scored.right[at] as number]) : [])
  return { indexes: joined, taken: (at: number) => records.has(scored.left[at] as number) || records.has(scored.right[at] as number) }
}

/** A decided link outweighs every other. */
function part(scored: Links, at: readonly number[], said: readonly (boolean | undefined)[]): Omit<Links, 'rules'> {
  const whole = (column: Int32Array) => Int32Array.from(at, (index) => column[index] as number)
  const real = (column: Float64Array, decided: number) => Float64Array.from(at, (index) => (said[index] === true ? decided : (column[index] as number)))
  return {
    length: at.length,
    left: whole(scored.left),
    right: whole(scored.right),
    weight: real(scored.weight, 1_000),
    probability: real(scored.probability, 1),
    pattern: whole(scored.pattern),
    rule: whole(scored.rule),
  }
}

function blockingOf(linker: Linker): JobReport['blocking'] {
  const { rules, pairs, reduction } = linker.blocking()
  return {
    pairs,
    reduction,
    rules: rules.map(({ rule, newPairs, largestBlock, ...of }) => ({ rule, pairs: of.pairs, new_pairs: newPairs, largest_block: largestBlock })),
  }
}
