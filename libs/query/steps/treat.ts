/** The treatment by the privacy engine; who is in a row is carried past it by the row's number, which the engine moves and never reads. */
import { ModelError } from '@gatehouse/privacy/model/model'
import type { MaskKeys } from '@gatehouse/privacy/plan/operate'
import { runPlan } from '@gatehouse/privacy/plan/run'
import type { Plan } from '@gatehouse/privacy/plan/schema'
import type { RandomSource } from '@gatehouse/privacy/random/random'
import { TreatmentError } from '@gatehouse/privacy/search/error'
import { type Column, type Dataset, select } from '@gatehouse/tabular/dataset'
import { takeRows } from '@gatehouse/tabular/rows'
import { numbers } from './columns.ts'
import { numbersOf } from './match.ts'
import { hidden, isHidden, type StepFacts } from './step.ts'

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
    facts: { ...facts, cells_changed: cellsChanged(dataset, treated.columns, rows) },
  }
}

/** Fewer rows than a model asks for, or none that any generalisation would save, are no fault of the plan. */
function refusal(error: unknown): undefined {
  if (!(error instanceof ModelError || error instanceof TreatmentError)) throw error
}

/** Values of the rows that stayed which are not what they were. Each pair of texts is compared once. */
function cellsChanged(before: Dataset, after: readonly Column[], rows: Int32Array): number {
  let cells = 0
  for (const column of after) {
    const old = before.columns.find(({ field }) => field.name === column.field.name)
    if (old !== undefined) cells += old.kind === 'number' ? numbersChanged(old.values, column, rows) : textsChanged(old, column, rows)
  }
  return cells
}

function numbersChanged(old: Float64Array, column: Column, rows: Int32Array): number {
  if (column.kind !== 'number') return rows.length
  let cells = 0
  for (let row = 0; row < rows.length; row++) if (!Object.is(old[rows[row] as number], column.values[row])) cells++
  return cells
}

function textsChanged(old: Extract<Column, { kind: 'dictionary' }>, column: Column, rows: Int32Array): number {
  if (column.kind !== 'dictionary') return rows.length
  const codeOf = new Map(column.dictionary.map((text, code) => [text, code]))
  const same = Int32Array.from(old.dictionary, (text) => codeOf.get(text) ?? -2)
  let cells = 0
  for (let row = 0; row < rows.length; row++) {
    const was = old.codes[rows[row] as number] as number
    if ((was < 0 ? was : same[was]) !== column.codes[row]) cells++
  }
  return cells
}
