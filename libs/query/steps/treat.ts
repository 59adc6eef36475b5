/** The treatment by the privacy engine; who is in a row is carried past it by the row's number, which the engine moves and never reads. */
import { ModelError } from '@gatehouse/privacy/model/model'
import type { MaskKeys } from '@gatehouse/privacy/plan/operate'
import { type PlanReport, runPlan } from '@gatehouse/privacy/plan/run'
import type { Plan } from '@gatehouse/privacy/plan/schema'
import type { RandomSource } from '@gatehouse/privacy/random/random'
import { suppressionMarker } from '@gatehouse/privacy/risk/equivalence-classes'
import { TreatmentError } from '@gatehouse/privacy/search/error'
import { type Column, type Dataset, select } from '@gatehouse/tabular/dataset'
import { takeRows } from '@gatehouse/tabular/rows'
import { numbers } from './columns.ts'
import { numbersOf } from './match.ts'
import { type ColumnFacts, hidden, isHidden, type StepFacts } from './step.ts'

export interface TreatDependencies {
  readonly random: RandomSource
  readonly masks?: MaskKeys
}

export interface Treated {
  /** Empty where the treatment was refused. */
  readonly dataset: Dataset
  readonly facts: StepFacts
}

/** @throws PlanError, OperatorError or HierarchyError where the table does not fit the plan */
export async function treat(plan: Plan, dataset: Dataset, { random, masks }: TreatDependencies): Promise<Treated> {
  const told = dataset.columns.filter(({ field }) => !isHidden(field.name))
  const carried = dataset.columns.filter(({ field }) => isHidden(field.name))
  const numbered = numbers(
    hidden.row,
    Float64Array.from({ length: dataset.rowCount }, (_, row) => row),
  )
  // The plan does not name it, so the engine leaves it as it is and tells nothing of it.
  const table = { rowCount: dataset.rowCount, columns: [...told, numbered] }
  const result = await runPlan(table, plan, { random, ...(masks === undefined ? {} : { masks }) }).catch(refusal)
  if (result === undefined) {
    const facts: StepFacts = { kind: 'treat', rows_in: dataset.rowCount, rows_out: 0, cells_changed: 0, reasons: {}, refused: 'untreatable' }
    return { dataset: { rowCount: 0, columns: [] }, facts }
  }
  const { report } = result
  const facts: StepFacts = {
    kind: 'treat',
    rows_in: dataset.rowCount,
    rows_out: report.rowsAfter,
    cells_changed: 0,
    reasons: { suppressed: report.rowsSuppressed },
    risk: { before: report.riskBefore.prosecutor.highest, ...(report.riskAfter === undefined ? {} : { after: report.riskAfter.prosecutor.highest }) },
    ...(report.search === undefined ? {} : { loss: report.search.value }),
    report,
  }
  if (result.outcome === 'not_met') return { dataset: { rowCount: 0, columns: [] }, facts: { ...facts, rows_out: 0, refused: result.reason } }
  const released = result.dataset
  const rows = Int32Array.from(numbersOf(released, hidden.row))
  const treated = select(
    released,
    released.columns.map(({ field }) => field.name).filter((name) => name !== hidden.row),
  )
  const whose = takeRows({ rowCount: dataset.rowCount, columns: carried }, rows)
  return {
    dataset: { rowCount: released.rowCount, columns: [...treated.columns, ...whose.columns] },
    facts: { ...facts, ...cellsOf(told, treated.columns, rows, report) },
  }
}

/** Fewer rows than a model asks for, or none that any generalisation would save, are no fault of the plan. */
function refusal(error: unknown): undefined {
  if (!(error instanceof ModelError || error instanceof TreatmentError)) throw error
}

/** What became of the values of the rows that stayed, column by column. A column that was taken out has none left. */
function cellsOf(before: readonly Column[], after: readonly Column[], rows: Int32Array, report: PlanReport): Pick<StepFacts, 'cells_changed' | 'columns'> {
  const columns = before.map((old): [string, ColumnFacts] => {
    const { name } = old.field
    const left = after.find(({ field }) => field.name === name)
    const loss = report.columns.find((column) => column.name === name)?.generalisation?.loss
    const changes = left === undefined ? { changed: rows.length, suppressed: rows.length } : changesOf(old, left, rows)
    return [name, { ...changes, ...(loss === undefined ? {} : { loss }) }]
  })
  const stayed = new Set(after.map(({ field }) => field.name))
  const cells = columns.reduce((sum, [name, { changed }]) => sum + (stayed.has(name) ? changed : 0), 0)
  return { cells_changed: cells, columns: Object.fromEntries(columns) }
}

function changesOf(old: Column, left: Column, rows: Int32Array): ColumnFacts {
  const nothing = nothingLeft(left)
  const was = missingIn(old)
  const same = sameIn(old, left)
  let [changed, suppressed] = [0, 0]
  for (let row = 0; row < rows.length; row++) {
    const from = rows[row] as number
    if (same(from, row)) continue
    changed++
    if (nothing(row) && !was(from)) suppressed++
  }
  return { changed, suppressed }
}

const missingIn = (column: Column): ((row: number) => boolean) =>
  column.kind === 'number' ? (row) => Number.isNaN(column.values[row]) : (row) => (column.codes[row] as number) < 0

/** Missing, or the one label that stands above all values. */
function nothingLeft(column: Column): (row: number) => boolean {
  if (column.kind === 'number') return missingIn(column)
  const top = column.dictionary.indexOf(suppressionMarker)
  return (row) => (column.codes[row] as number) < 0 || column.codes[row] === top
}

/** Each pair of texts is compared once. */
function sameIn(old: Column, left: Column): (from: number, row: number) => boolean {
  if (old.kind === 'number') return left.kind === 'number' ? (from, row) => Object.is(old.values[from], left.values[row]) : () => false
  if (left.kind === 'number') return () => false
  const codeOf = new Map(left.dictionary.map((text, code) => [text, code]))
  const same = Int32Array.from(old.dictionary, (text) => codeOf.get(text) ?? -2)
  return (from, row) => {
    const was = old.codes[from] as number
    return (was < 0 ? was : same[was]) === left.codes[row]
  }
}
