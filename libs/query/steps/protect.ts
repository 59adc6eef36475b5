/**
 * What a node does to its part of a plan before it leaves: no combination of its quasi-identifiers is about fewer people than its floor.
 *
 * The joined table is treated again elsewhere, by the same hierarchies, so what leaves are values and no labels of groups: a number is
 * the lower end of its interval, a day the first of its span, and of a list of values the first of its group. Whoever goes up the
 * hierarchy from there comes to the same groups as from the value itself; whoever stays has the value as coarse as it left its node.
 */
import { type Hierarchy, labelAt } from '@gatehouse/privacy/hierarchy/hierarchy'
import { hierarchyFor } from '@gatehouse/privacy/hierarchy/spec'
import { kAnonymity } from '@gatehouse/privacy/model/k-anonymity'
import { ModelError } from '@gatehouse/privacy/model/model'
import type { ColumnHierarchy } from '@gatehouse/privacy/plan/schema'
import { TreatmentError } from '@gatehouse/privacy/search/error'
import { treat } from '@gatehouse/privacy/search/treat'
import { type Column, columnOf, type Dataset, missingCode, select } from '@gatehouse/tabular/dataset'
import { keepRows, withUsedEntries } from '@gatehouse/tabular/rows'
import { mapNumbers, mapTexts } from './columns.ts'
import { matchDigests } from './match.ts'
import { hidden, type ProtectParams, type StepFacts } from './step.ts'

export interface Protected {
  /** Empty where nothing may leave. */
  readonly dataset: Dataset
  readonly facts: StepFacts
}

export function protect(params: ProtectParams, dataset: Dataset): Protected {
  const people = peopleIn(dataset, params.passes)
  const nothing = (refused: string): Protected => ({
    dataset: { rowCount: 0, columns: [] },
    facts: { kind: 'protect', rows_in: dataset.rowCount, rows_out: 0, cells_changed: 0, reasons: {}, refused },
  })
  if (distinct(people) < params.floor) return nothing(dataset.rowCount === 0 ? 'empty_cohort' : 'cohort_too_small')
  const quasi = Object.keys(params.columns)
  const coarse = quasi.length === 0 ? { columns: [], levels: {}, cells: 0 } : coarsened(params, select(dataset, quasi))
  if (coarse === undefined) return nothing('bound_not_met')
  const recoded = new Map(coarse.columns.map((column) => [column.field.name, column]))
  const table = { rowCount: dataset.rowCount, columns: dataset.columns.map((column) => recoded.get(column.field.name) ?? column) }
  const mask = enough(classesOf(coarse.columns, dataset.rowCount), people, params.floor)
  const kept = keepRows(table, mask)
  const suppressed = dataset.rowCount - kept.rowCount
  if (suppressed > Math.floor(params.suppressionLimit * dataset.rowCount)) return nothing('bound_not_met')
  if (distinct(people.filter((_, row) => mask[row] === 1)) < params.floor) return nothing('cohort_too_small')
  const facts: StepFacts = {
    kind: 'protect',
    rows_in: dataset.rowCount,
    rows_out: kept.rowCount,
    cells_changed: coarse.cells,
    reasons: suppressed === 0 ? {} : { suppressed },
    levels: coarse.levels,
  }
  return { dataset: kept, facts }
}

/** Who a row is about, numbered; where nothing tells people apart each row is taken for a person. */
function peopleIn(dataset: Dataset, passes: number): Int32Array {
  if (passes > 0) return matchDigests([dataset], passes).person
  const told = dataset.columns.some(({ field }) => field.name === hidden.passHigh(0))
  return told ? matchDigests([dataset], 1).person : Int32Array.from({ length: dataset.rowCount }, (_, row) => row)
}

const distinct = (people: Int32Array): number => new Set(people).size

interface Coarse {
  readonly columns: readonly Column[]
  readonly levels: Readonly<Record<string, number>>
  readonly cells: number
}

/** As coarse as the floor asks for with least loss; `undefined` where nothing keeps it within the limit. */
function coarsened({ columns, floor, suppressionLimit }: ProtectParams, quasi: Dataset): Coarse | undefined {
  const specs = Object.entries(columns)
  const hierarchies = Object.fromEntries(
    specs.map(([name, { hierarchy }]) => [name, hierarchyFor(columnOf(quasi, name), hierarchy === undefined ? { kind: 'suppression' } : spec(hierarchy))]),
  )
  const weights = Object.fromEntries(specs.flatMap(([name, { weight }]) => (weight === undefined ? [] : [[name, weight]])))
  const levels = levelsFor(quasi, { hierarchies, weights, floor, suppressionLimit })
  if (levels === undefined) return undefined
  const made = specs.map(([name, { hierarchy }]) => recoded(columnOf(quasi, name), hierarchy, hierarchies[name] as Hierarchy, levels[name] ?? 0))
  return { columns: made.map(({ column }) => column), levels, cells: made.reduce((sum, { cells }) => sum + cells, 0) }
}

interface Wanted {
  readonly hierarchies: Readonly<Record<string, Hierarchy>>
  readonly weights: Readonly<Record<string, number>>
  readonly floor: number
  readonly suppressionLimit: number
}

function levelsFor(quasi: Dataset, { hierarchies, weights, floor, suppressionLimit }: Wanted): Readonly<Record<string, number>> | undefined {
  const roles = Object.fromEntries(quasi.columns.map(({ field }) => [field.name, 'quasi' as const]))
  try {
    return treat(quasi, { roles, hierarchies, weights, models: [kAnonymity(floor)], suppressionLimit }).levelsByAttribute
  } catch (error) {
    if (error instanceof ModelError || error instanceof TreatmentError) return undefined
    throw error
  }
}

/** A plan of queries has no files beside it; `parsePlan` says so. */
function spec(hierarchy: ColumnHierarchy): Exclude<ColumnHierarchy, { kind: 'file' }> {
  if (hierarchy.kind === 'file') throw new RangeError('a query plan has no files beside it')
  return hierarchy
}

function recoded(column: Column, planned: ColumnHierarchy | undefined, hierarchy: Hierarchy, level: number): { column: Column; cells: number } {
  if (level === 0) return { column, cells: 0 }
  const groups = hierarchy.levels[level]
  const named = planned?.kind === 'table' || planned?.kind === 'mask'
  const all = groups === undefined || (level === hierarchy.levels.length - 1 && !named)
  const leafOf = new Map(hierarchy.values.map((value, leaf) => [value, leaf]))
  // Of a list of values the first of each group, which stands in the plan and tells of nobody.
  const first: string[] = []
  if (!all) for (const [leaf, group] of groups.map.entries()) first[group] ??= hierarchy.values[leaf] as string
  const stands = (value: string): string | undefined => {
    const leaf = leafOf.get(value)
    if (all || leaf === undefined) return undefined
    if (planned?.kind === 'interval') return lowerEnd(Number(value), planned, level)
    const label = labelAt(hierarchy, leaf, level)
    if (planned?.kind === 'date') return firstDay(label, value)
    return planned?.kind === 'mask' ? label : first[groups.map[leaf] as number]
  }
  if (column.kind === 'number') {
    const known = new Map<number, number>()
    return mapNumbers(column, (value) => {
      const made = known.get(value) ?? Number(stands(String(value)) ?? Number.NaN)
      known.set(value, made)
      return made
    })
  }
  const { column: made, cells } = mapTexts(column, (text) => {
    const value = stands(text)
    return value === undefined ? { text: undefined, because: 'coarsened' } : { text: value }
  })
  return { column: { ...made, field: column.field }, cells }
}

/** A number of the same interval, at this level and at every one above. */
function lowerEnd(value: number, { widths, origin = 0, bottom, top }: Extract<ColumnHierarchy, { kind: 'interval' }>, level: number): string {
  const width = widths[level - 1] as number
  if (bottom !== undefined && value < bottom) return String(bottom - (widths.at(-1) as number))
  if (top !== undefined && value >= top) return String(top)
  const from = origin + Math.floor((value - origin) / width) * width
  return String(Number(Math.max(from, bottom ?? from).toPrecision(15)))
}

/** @param label `1987-03`, `1987-Q1`, `1987`, `1980s` or `1900s` */
function firstDay(label: string, value: string): string {
  const [, year = '', rest = ''] = /^(\d{4})(.*)$/.exec(label) ?? []
  const quarter = /^-Q(\d)$/.exec(rest)?.[1]
  const month = quarter === undefined ? (/^-(\d\d)$/.exec(rest)?.[1] ?? '01') : String(Number(quarter) * 3 - 2).padStart(2, '0')
  return `${year}-${month}-01${value.includes('T') ? 'T00:00:00Z' : ''}`
}

/** The class of each row: rows of one class look alike in all the columns. */
function classesOf(columns: readonly Column[], rows: number): Int32Array {
  let classes = new Int32Array(rows)
  for (const column of columns) {
    const numbered = new Map<string, number>()
    const codes = column.kind === 'number' ? column.values : withUsedEntries(column).codes
    classes = classes.map((above, row) => {
      const key = `${above} ${codes[row] ?? missingCode}`
      const known = numbered.get(key) ?? numbered.size
      if (known === numbered.size) numbered.set(key, known)
      return known
    })
  }
  return classes
}

/** 1 for each row of a class that is about as many people as the floor asks for. */
function enough(classes: Int32Array, people: Int32Array, floor: number): Uint8Array {
  const members = new Map<number, Set<number>>()
  for (let row = 0; row < classes.length; row++) {
    const of = classes[row] as number
    const known = members.get(of) ?? new Set()
    if (known.size === 0) members.set(of, known)
    if (known.size < floor) known.add(people[row] as number)
  }
  return Uint8Array.from(classes, (of) => ((members.get(of)?.size ?? 0) >= floor ? 1 : 0))
}
