/** Figures in place of rows: a table by one or two elements, protected by disclosure control or by noise. A cell that may not be shown is missing. */
import { acro, dataShield, openSafely, type Profile, strictest } from '@gatehouse/privacy/aggregate/profile'
import { type ProtectedTable, protect } from '@gatehouse/privacy/aggregate/protect'
import { countTable, sumTable, TableError } from '@gatehouse/privacy/aggregate/table'
import { partitionSelection } from '@gatehouse/privacy/noise/mechanism/histogram'
import type { RandomSource } from '@gatehouse/privacy/random/random'
import { type Column, columnOf, type Dataset, datasetFrom, missingCode } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { PlanAggregation } from '../plan/schema.ts'
import { asText } from './columns.ts'
import { numbersOf } from './match.ts'
import type { StepFacts } from './step.ts'

const profiles: Readonly<Record<PlanAggregation['profile'], Profile>> = {
  open_safely: openSafely,
  acro,
  data_shield: dataShield,
  strictest: strictest(openSafely, acro, dataShield),
}

/**
 * Keys that come from the data are told only where a noisy count reaches a threshold; one person's own key passes it with at most this
 * probability, which is far below one in the number of people of any table here.
 */
const noiseDelta = '1e-12'
const noisePeople = 1_000_000_000

export interface Aggregated {
  readonly dataset: Dataset
  readonly facts: StepFacts
  /** Cells that disclosure control hid, with the reason; for the reviewer and for nobody else. */
  readonly hidden: Readonly<Record<string, number>>
}

/** What is missing is a category of its own, with no name. */
interface Categories {
  readonly labels: readonly string[]
  readonly codes: Int32Array
}

export function aggregate(plan: PlanAggregation, dataset: Dataset, random: RandomSource): Aggregated {
  const by = plan.by.map((name) => categoriesOf(columnOf(dataset, name)))
  const made = plan.noise === undefined ? protectedRows(plan, dataset, by, random) : noisyRows(plan, by, plan.noise.epsilon, dataset.rowCount, random)
  const figures = datasetFrom(fieldsOf(plan, dataset), made.rows)
  const reasons = 'refused' in made ? {} : made.hidden
  const facts: StepFacts = {
    kind: 'aggregate',
    rows_in: dataset.rowCount,
    rows_out: figures.rowCount,
    cells_changed: Object.values(reasons).reduce((sum, count) => sum + count, 0),
    reasons,
    ...('refused' in made ? { refused: made.refused } : {}),
  }
  return { dataset: figures, facts, hidden: reasons }
}

export function measureName(measure: PlanAggregation['measures'][number]): string {
  return measure.kind === 'count' ? 'count' : `${measure.kind}_${measure.of}`
}

function fieldsOf({ by, measures }: PlanAggregation, dataset: Dataset): Field[] {
  const named = by.map((name): Field => ({ ...columnOf(dataset, name).field, name, type: 'string', nullable: true }))
  const figures = measures.map((measure): Field => ({ name: measureName(measure), type: 'number', sensitivity: 'plain', nullable: true }))
  return [...named, ...figures]
}

/** Labels in their own order, and not in that of the rows. */
function categoriesOf(column: Column): Categories {
  const { codes, dictionary } = asText(column)
  const numeric = column.kind === 'number'
  const order = dictionary.map((_, code) => code).sort((left, right) => compare(dictionary[left] as string, dictionary[right] as string, numeric))
  const moved = new Int32Array(dictionary.length)
  order.forEach((code, place) => {
    moved[code] = place
  })
  const missing = codes.includes(missingCode)
  return {
    labels: [...order.map((code) => dictionary[code] as string), ...(missing ? [''] : [])],
    codes: codes.map((code) => (code === missingCode ? order.length : (moved[code] as number))),
  }
}

function compare(left: string, right: string, numeric: boolean): number {
  if (numeric) return Number(left) - Number(right)
  return left < right ? -1 : 1
}

type Rows = { readonly rows: SourceRecord[]; readonly hidden: Record<string, number> } | { readonly rows: SourceRecord[]; readonly refused: string }

function protectedRows(plan: PlanAggregation, dataset: Dataset, by: readonly Categories[], random: RandomSource): Rows {
  const [columns, rows] = by as [Categories, Categories | undefined]
  const rowLabels = rows?.labels ?? ['']
  if (columns.labels.length === 0) return { rows: [], refused: 'empty_cohort' }
  const profile = profiles[plan.profile]
  const place = (row: number): number => (rows?.codes[row] ?? 0) * columns.labels.length + (columns.codes[row] as number)
  try {
    const counts = new Array<number>(rowLabels.length * columns.labels.length).fill(0)
    for (let row = 0; row < dataset.rowCount; row++) counts[place(row)] = (counts[place(row)] as number) + 1
    const lines = <T>(cells: readonly T[]): T[][] => rowLabels.map((_, at) => cells.slice(at * columns.labels.length, (at + 1) * columns.labels.length))
    const counted = protect(countTable(rowLabels, columns.labels, lines(counts)), profile, { random })
    const measured = plan.measures.map((measure) => {
      if (measure.kind === 'count') return shownIn(counted)
      const contributions = counts.map((): number[] => [])
      const values = numbersOf(dataset, measure.of)
      for (let row = 0; row < dataset.rowCount; row++) if (!Number.isNaN(values[row])) (contributions[place(row)] as number[]).push(values[row] as number)
      // What may not be counted may not be summed.
      const refused = counted.cells.flatMap((line, row) =>
        line.flatMap((cell, column) => (cell.shown ? [] : [{ row, column, reason: cell.reasons[0] ?? ('secondary' as const) }])),
      )
      const summed = shownIn(protect(sumTable(rowLabels, columns.labels, lines(contributions)), profile, { random, refused }))
      if (measure.kind === 'sum') return summed
      return summed.map((line, row) =>
        line.map((value, column) => (value === null ? null : meanOf(contributions[row * columns.labels.length + column] as number[]))),
      )
    })
    const reasons: Record<string, number> = {}
    for (const cell of counted.cells.flat()) if (!cell.shown) for (const reason of cell.reasons) reasons[reason] = (reasons[reason] ?? 0) + 1
    return { rows: recordsOf(plan, rowLabels, columns.labels, measured), hidden: reasons }
  } catch (error) {
    if (error instanceof TableError) return { rows: [], refused: error.code === 'negative' ? 'negative_values' : error.code }
    throw error
  }
}

function shownIn({ cells }: ProtectedTable): (number | null)[][] {
  return cells.map((line) => line.map((cell) => (cell.shown ? cell.value : null)))
}

/** Three digits: more would tell of single people, and nobody compares means by the fourth. */
function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : Number((values.reduce((sum, value) => sum + value, 0) / values.length).toPrecision(3))
}

function recordsOf(
  { by, measures }: PlanAggregation,
  rows: readonly string[],
  columns: readonly string[],
  measured: readonly (readonly (readonly (number | null)[])[])[],
): SourceRecord[] {
  const [first = '', second] = by
  return rows.flatMap((rowLabel, row) =>
    columns.map((columnLabel, column) => ({
      [first]: named(columnLabel),
      ...(second === undefined ? {} : { [second]: named(rowLabel) }),
      ...Object.fromEntries(measures.map((measure, at) => [measureName(measure), measured[at]?.[row]?.[column] ?? null])),
    })),
  )
}

const named = (label: string): string | null => (label === '' ? null : label)

/** A separator that no label has: it is written out of those. */
const between = '\u001f'

function noisyRows(plan: PlanAggregation, by: readonly Categories[], epsilon: number, rowCount: number, random: RandomSource): Rows {
  const keys = function* (): Generator<string, void, undefined> {
    for (let row = 0; row < rowCount; row++) yield by.map(({ labels, codes }) => (labels[codes[row] as number] as string).replaceAll(between, '')).join(between)
  }
  const noisy = partitionSelection({ epsilon: String(epsilon), delta: noiseDelta, people: noisePeople }).measure(keys(), random)
  const rows = [...noisy].map(([key, { value }]) => {
    const labels = key.split(between)
    return {
      ...Object.fromEntries(plan.by.map((name, at) => [name, named(labels[at] ?? '')])),
      ...Object.fromEntries(plan.measures.map((measure) => [measureName(measure), value])),
    }
  })
  return { rows, hidden: {} }
}
