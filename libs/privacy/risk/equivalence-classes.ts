/** Which rows of a table look alike in the columns an attacker may know. */
import { type Column, columnOf, type Dataset, missingCode } from '@gatehouse/tabular/dataset'

/** The value that stands for "suppressed" unless a caller names another. */
export const suppressionMarker = '*'

/** A row is suppressed when every quasi-identifier holds this marker or no value, or when the predicate says so. */
export type Suppressed = string | ((row: number) => boolean)

export interface EquivalenceClasses {
  /** Class of each row, numbered from 0 in order of appearance; -1 for a suppressed row, which belongs to none. */
  readonly classOf: Int32Array
  /** Rows of each class. */
  readonly sizes: Int32Array
  /** The first row of each class. */
  readonly firstRow: Int32Array
  readonly rowCount: number
  readonly suppressedRows: number
}

/**
 * Groups rows by the values of the named columns. A missing value is a value of its own: two rows that both lack one look alike
 * there. Suppressed rows are left out, since a table of them alone tells nothing and they must not pass for one large class. A
 * row that lacks all values cannot be told from a suppressed one, so it is taken for one.
 *
 * @throws RangeError without a quasi-identifier, or for one that the dataset has not
 */
export function equivalenceClasses(dataset: Dataset, quasiIdentifiers: readonly string[], suppressed: Suppressed = suppressionMarker): EquivalenceClasses {
  if (quasiIdentifiers.length === 0) throw new RangeError('name at least one quasi-identifier; without any, all rows look alike')
  const columns = quasiIdentifiers.map((name) => columnOf(dataset, name))
  const isSuppressed = typeof suppressed === 'function' ? suppressed : everyColumnHolds(columns, suppressed)
  const classOf = new Int32Array(dataset.rowCount)
  for (const column of columns) refine(classOf, column)
  return numbered(classOf, isSuppressed)
}

/** `classesOfSize.get(s)`: number of classes with s rows. */
export function histogramOf(sizes: Iterable<number>): Map<number, number> {
  const classesOfSize = new Map<number, number>()
  for (const size of sizes) classesOfSize.set(size, (classesOfSize.get(size) ?? 0) + 1)
  return classesOfSize
}

/** Splits each group by the column's values; the pair (group, value) is numbered anew, so that numbers stay below the row count. */
function refine(groupOf: Int32Array, column: Column): void {
  const codes = column.kind === 'dictionary' ? column.codes : numberCodes(column.values)
  const values = 1 + codes.reduce((most, value) => Math.max(most, value), 0)
  const numberOf = new Map<number, number>()
  for (let row = 0; row < groupOf.length; row++) {
    const pair = (groupOf[row] ?? 0) * (values + 1) + (codes[row] ?? 0) + 1
    const known = numberOf.get(pair) ?? numberOf.size
    if (known === numberOf.size) numberOf.set(pair, known)
    groupOf[row] = known
  }
}

function numberCodes(values: Float64Array): Int32Array {
  const codeOf = new Map<number, number>()
  return Int32Array.from(values, (value) => {
    const code = codeOf.get(value) ?? codeOf.size
    if (code === codeOf.size) codeOf.set(value, code)
    return code
  })
}

function everyColumnHolds(columns: readonly Column[], marker: string): (row: number) => boolean {
  const tests = columns.map((column) => {
    if (column.kind === 'number') return (row: number) => Number.isNaN(column.values[row])
    const mark = column.dictionary.indexOf(marker)
    return (row: number) => column.codes[row] === missingCode || column.codes[row] === mark
  })
  return (row) => tests.every((tells) => tells(row))
}

function numbered(groupOf: Int32Array, isSuppressed: (row: number) => boolean): EquivalenceClasses {
  const classOf = new Int32Array(groupOf.length).fill(-1)
  const classOfGroup = new Int32Array(groupOf.length).fill(-1)
  const sizes: number[] = []
  const firstRow: number[] = []
  let suppressedRows = 0
  for (let row = 0; row < groupOf.length; row++) {
    if (isSuppressed(row)) {
      suppressedRows++
      continue
    }
    const group = groupOf[row] ?? 0
    if (classOfGroup[group] === -1) {
      classOfGroup[group] = sizes.length
      sizes.push(0)
      firstRow.push(row)
    }
    const number = classOfGroup[group] ?? 0
    classOf[row] = number
    sizes[number] = (sizes[number] ?? 0) + 1
  }
  return { classOf, sizes: Int32Array.from(sizes), firstRow: Int32Array.from(firstRow), rowCount: groupOf.length, suppressedRows }
}
