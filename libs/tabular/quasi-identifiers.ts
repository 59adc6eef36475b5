/**
 * Which columns together tell rows apart. Distinction and separation of a set of columns as Motwani and Xu define them
 * ("Efficient algorithms for masking and finding quasi-identifiers", 2007), counted exactly over all rows.
 */
import { type Column, columnOf, type Dataset } from './dataset.ts'

export interface SeparatingSet {
  readonly columns: readonly string[]
  /** Distinct combinations of values per row, from 0 to 1: 1 when no two rows are alike. */
  readonly distinction: number
  /** Share of all pairs of rows that differ in at least one of the columns. */
  readonly separation: number
  /** Share of rows whose combination occurs once. */
  readonly uniqueRows: number
}

export interface SeparationSearch {
  /** All sets looked at, most distinguishing first, smaller sets before larger ones. */
  readonly sets: readonly SeparatingSet[]
  /** Up to this many columns every set was looked at. */
  readonly completeUpTo: number
}

export interface SeparationOptions {
  /** The columns to combine; all where absent. */
  readonly columns?: readonly string[]
  readonly columnsMax?: number
  readonly setsMax?: number
  /** Sets times rows: bounds the time. The default takes some seconds. */
  readonly workMax?: number
}

export const separationDefaults = { columnsMax: 4, setsMax: 2_000, workMax: 200_000_000 } as const

/**
 * Looks at every set up to the greatest size that the limits allow. A missing value counts as a value of its own.
 * @throws RangeError when a named column is not there
 */
export function separatingSets(dataset: Dataset, options: SeparationOptions = {}): SeparationSearch {
  const names = options.columns ?? dataset.columns.map((column) => column.field.name)
  const coded = names.map((name) => ({ name, ...encode(columnOf(dataset, name)) }))
  const completeUpTo = sizeWithin(coded.length, dataset.rowCount, { ...separationDefaults, ...options })
  const sets: SeparatingSet[] = []
  const rows = dataset.rowCount
  const extend = (from: number, columns: readonly string[], groups: Grouping): void => {
    for (const [index, column] of coded.entries()) {
      if (index < from) continue
      const refined = refine(groups, column)
      const named = [...columns, column.name]
      sets.push({ columns: named, ...powerOf(refined, rows) })
      if (named.length < completeUpTo) extend(index + 1, named, refined)
    }
  }
  if (completeUpTo > 0) extend(0, [], { of: new Int32Array(rows), count: Math.min(rows, 1) })
  sets.sort((a, b) => b.distinction - a.distinction || b.separation - a.separation || a.columns.length - b.columns.length)
  return { sets, completeUpTo }
}

/** Sets that reach the share of distinction and of which no part does: what has to be treated so that rows stop standing out. */
export function minimalSets(search: SeparationSearch, distinction: number): SeparatingSet[] {
  const found: SeparatingSet[] = []
  const reaching = search.sets.filter((set) => set.distinction >= distinction).sort((a, b) => a.columns.length - b.columns.length)
  for (const set of reaching) {
    if (!found.some((smaller) => smaller.columns.every((column) => set.columns.includes(column)))) found.push(set)
  }
  return found
}

/** For each row the ordinal of its group; rows of one group are alike so far. */
interface Grouping {
  readonly of: Int32Array
  readonly count: number
}

function encode(column: Column): Grouping {
  if (column.kind === 'dictionary') return { of: column.codes.map((code) => code + 1), count: column.dictionary.length + 1 }
  const codeOf = new Map<number, number>()
  const of = Int32Array.from(column.values, (value) => {
    const code = codeOf.get(value) ?? codeOf.size
    if (code === codeOf.size) codeOf.set(value, code)
    return code
  })
  return { of, count: codeOf.size }
}

/** Below this many possible pairs a flat table is cheaper than a map. */
const denseMax = 4_194_304

function refine(groups: Grouping, column: Grouping): Grouping {
  const of = new Int32Array(groups.of.length)
  const pairs = groups.count * column.count
  let count = 0
  const dense = pairs <= denseMax ? new Int32Array(pairs) : undefined
  const sparse = new Map<number, number>()
  for (let row = 0; row < of.length; row++) {
    const pair = (groups.of[row] as number) * column.count + (column.of[row] as number)
    let ordinal = dense === undefined ? (sparse.get(pair) ?? 0) : (dense[pair] as number)
    if (ordinal === 0) {
      ordinal = ++count
      if (dense === undefined) sparse.set(pair, ordinal)
      else dense[pair] = ordinal
    }
    of[row] = ordinal - 1
  }
  return { of, count }
}

function powerOf(groups: Grouping, rows: number): Omit<SeparatingSet, 'columns'> {
  const sizes = new Int32Array(groups.count)
  for (const group of groups.of) sizes[group] = (sizes[group] as number) + 1
  let alike = 0
  let single = 0
  for (const size of sizes) {
    alike += (size * (size - 1)) / 2
    if (size === 1) single++
  }
  const pairs = (rows * (rows - 1)) / 2
  return {
    distinction: rows === 0 ? 0 : groups.count / rows,
    separation: pairs === 0 ? 0 : (pairs - alike) / pairs,
    uniqueRows: rows === 0 ? 0 : single / rows,
  }
}

function sizeWithin(columns: number, rows: number, limits: { columnsMax: number; setsMax: number; workMax: number }): number {
  let sets = 0
  let ofSize = 1
  for (let size = 1; size <= Math.min(columns, limits.columnsMax); size++) {
    ofSize = (ofSize * (columns - size + 1)) / size
    sets += ofSize
    if (sets > limits.setsMax || sets * rows > limits.workMax) return size - 1
  }
  return Math.min(columns, limits.columnsMax)
}
