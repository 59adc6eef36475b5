/**
 * Local recoding: rows that one generalisation would suppress are treated again among themselves, so that each part of the table is
 * generalised only as far as it needs. One value may then appear at several levels.
 */
import { type Column, columnOf, type Dataset, missingCode, valueAt } from '@gatehouse/tabular/dataset'
import { ModelError } from '../model/model.ts'
import { aggregateLosses } from '../quality/cells.ts'
import { blanked, type TreatedDataset } from './apply.ts'
import { TreatmentError, type TreatmentFault } from './error.ts'
import { type PlannedQuestion, planQuestion, planTable, type TreatOptions } from './options.ts'
import { checkAborted, Session } from './session.ts'
import { treat } from './treat.ts'
import type { Treatment } from './treatment.ts'

const roundsMaxDefault = 100
/** Of the rows of a round, the share that may be left to the next. */
const leftToNextDefault = 0.9

export interface LocalOptions extends TreatOptions {
  readonly roundsMax?: number
  readonly leftToNext?: number
}

export interface LocalTreatment {
  /** One generalisation for each part of the table, in the order in which they were found. */
  readonly rounds: readonly Treatment[]
  /** Rows that no round released. */
  readonly suppressed: number
  /** By quasi-identifier, Loss from 0 to 1 over the whole table. */
  readonly perAttributeLoss: Readonly<Record<string, number>>
  /** Their aggregate; comparable with the `loss` of a treatment by Loss. */
  readonly loss: number
  apply(): TreatedDataset
}

/** Why a round may find nothing more in what is left. */
const endings: readonly TreatmentFault[] = ['unsatisfiable', 'all_missing', 'empty_table']

/**
 * Each round is a search with the same question and a high limit on the rows the earlier ones left. Where the rounds leave more rows
 * than the suppression limit allows, the answer is that of `treat`, as the only round.
 *
 * Only for models that merging never breaks: a class of one round may look like a class of another, and is then one with it. Others
 * are refused by name.
 *
 * @throws TreatmentError `unsuitable_model`, and all that `treat` throws
 */
export function localRecode(dataset: Dataset, options: LocalOptions): LocalTreatment {
  const { roundsMax = roundsMaxDefault, leftToNext = leftToNextDefault, suppressionLimit = 0 } = options
  const planned = planTable(dataset, options)
  const question = planQuestion(planned, options)
  if (!(leftToNext >= 0 && leftToNext <= 1)) throw new TreatmentError('bad_limit', 'leftToNext is a share of the rows from 0 to 1')
  checkSuitable(question, new Session(planned, [...new Set(question.models.flatMap((model) => model.attributes))]))

  const startsSuppressed = options.suppressed ?? new Uint8Array(dataset.rowCount)
  let rest = startsSuppressed.slice()
  const rowCount = rest.reduce((count, gone) => count + 1 - gone, 0)
  const parts: Part[] = []
  for (let left = rowCount; left > 0 && parts.length < roundsMax; ) {
    checkAborted(options)
    const treatment = round(dataset, { ...options, suppressed: rest, suppressionLimit: leftToNext })
    if (!treatment || treatment.suppressed === left) break
    const treated = treatment.apply()
    parts.push({ treatment, treated, rows: left })
    rest = rest.map((gone, row) => (gone === 1 || treated.suppressed[row] === 0 ? 1 : 0))
    left = treatment.suppressed
  }
  const suppressed = parts.at(-1)?.treatment.suppressed ?? rowCount
  if (parts.length === 0 || suppressed > Math.floor(suppressionLimit * rowCount)) {
    const whole = treat(dataset, options)
    return combine(dataset, question, [{ treatment: whole, treated: whole.apply(), rows: rowCount }], rowCount)
  }
  return combine(dataset, question, parts, rowCount)
}

interface Part {
  readonly treatment: Treatment
  readonly treated: TreatedDataset
  /** Rows the round was given. */
  readonly rows: number
}

function round(dataset: Dataset, options: TreatOptions): Treatment | undefined {
  try {
    return treat(dataset, options)
  } catch (error) {
    // The rest may be smaller than k, or too uniform for l different values: then it is what remains suppressed.
    if (error instanceof ModelError || (error instanceof TreatmentError && endings.includes(error.code))) return undefined
    throw error
  }
}

function checkSuitable(question: PlannedQuestion, session: Session): void {
  const { requirements } = session.bind(question)
  const unsuitable = question.models.filter((model) => model.monotone !== 'always').map((model) => model.name)
  if (unsuitable.length === 0 && (requirements.tableChecks.length > 0 || requirements.absenceChecks.length > 0)) {
    unsuitable.push(
      ...question.models.filter((model) => model.bind(session.facts).holdsForAll || model.bind(session.facts).holdsForAbsent).map((model) => model.name),
    )
  }
  if (unsuitable.length === 0) return
  const message = `local recoding cannot promise ${unsuitable.join(', ')}: classes of different rounds may come to look alike, and merging may break it; use treat`
  throw new TreatmentError('unsuitable_model', message)
}

function combine(dataset: Dataset, question: PlannedQuestion, parts: readonly Part[], rowCount: number): LocalTreatment {
  const suppressed = parts.at(-1)?.treatment.suppressed ?? rowCount
  const names = Object.keys(parts[0]?.treatment.perAttributeLoss ?? {})
  // A row's share of an attribute's loss does not depend on the others, and is 1 where the row is suppressed.
  const losses = names.map((name) => {
    const released = parts.reduce((sum, { treatment, rows }) => sum + (treatment.perAttributeLoss[name] ?? 1) * rows - treatment.suppressed, 0)
    return Math.max(0, (released + suppressed) / rowCount)
  })
  return {
    rounds: parts.map(({ treatment }) => treatment),
    suppressed,
    perAttributeLoss: Object.fromEntries(names.map((name, a) => [name, losses[a] as number])),
    loss: aggregateLosses(question.aggregate, losses, question.effectiveWeights),
    apply: () => together(dataset, parts, new Set(names)),
  }
}

/** Every row as its round released it. */
function together(dataset: Dataset, parts: readonly Part[], quasi: ReadonlySet<string>): TreatedDataset {
  const partOf = new Int32Array(dataset.rowCount).fill(-1)
  for (const [index, { treated }] of parts.entries()) for (const [row, gone] of treated.suppressed.entries()) if (gone === 0) partOf[row] = index
  const suppressed = Uint8Array.from(partOf, (part) => (part < 0 ? 1 : 0))
  const columns = (parts[0]?.treated.columns ?? []).map((column): Column => {
    const { name } = column.field
    if (!quasi.has(name)) return blanked(columnOf(dataset, name), suppressed)
    const sources = parts.map(({ treated }) => columnOf(treated, name))
    return labelled({ ...column.field, type: 'string', nullable: true }, sources, partOf)
  })
  return { rowCount: dataset.rowCount, columns, suppressed }
}

function labelled(field: Column['field'], sources: readonly Column[], partOf: Int32Array): Column {
  const codeOf = new Map<string, number>()
  const codes = partOf.map((part, row) => {
    const source = sources[part]
    const value = source ? valueAt(source, row) : null
    if (value === null) return missingCode
    const code = codeOf.get(String(value)) ?? codeOf.size
    if (code === codeOf.size) codeOf.set(String(value), code)
    return code
  })
  return { kind: 'dictionary', field, codes, dictionary: [...codeOf.keys()] }
}
