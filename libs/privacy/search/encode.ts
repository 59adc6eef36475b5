/** Columns as codes of leaves. Each distinct value is looked up once; rows are then read as numbers. */
import { type Column, columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import { HierarchyError } from '../hierarchy/error.ts'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { TreatmentError } from './error.ts'

/** A missing value is the leaf ''; a hierarchy without it does not cover missing values. */
const missing = ''

export interface EncodedColumn {
  readonly name: string
  /** By row taken, an index into `values`. */
  readonly codes: Int32Array
  readonly values: readonly string[]
  readonly hierarchy?: Hierarchy
}

/**
 * The leaf of each row taken.
 *
 * @throws HierarchyError `uncovered_value`; TreatmentError `all_missing`
 */
export function encodeLeaves(dataset: Dataset, hierarchy: Hierarchy, taken: Int32Array): Int32Array {
  const { attribute } = hierarchy
  const leaves = new Map(hierarchy.values.map((value, leaf) => [value, leaf]))
  const read = labelReader(columnOf(dataset, attribute), (label, row) => {
    const leaf = leaves.get(label)
    if (leaf !== undefined) return leaf
    const what = label === missing ? 'missing values; add a leaf for the empty value, or leave such rows out' : `"${label}"; add it as a leaf`
    throw new HierarchyError('uncovered_value', attribute, `it does not cover ${what} (first in row ${row + 1} of the data)`, { value: label, line: row + 1 })
  })
  checkNotAllMissing(columnOf(dataset, attribute), taken)
  return taken.map(read)
}

/** The values of an attribute that is not generalised: in order of the hierarchy's leaves, else numbers ascending, else as they appear. */
export function encodeValues(dataset: Dataset, attribute: string, hierarchy: Hierarchy | undefined, taken: Int32Array): EncodedColumn {
  if (hierarchy) return { name: attribute, codes: encodeLeaves(dataset, hierarchy, taken), values: hierarchy.values, hierarchy }
  const column = columnOf(dataset, attribute)
  checkNotAllMissing(column, taken)
  const values = distinctLabels(column, taken)
  const codeOf = new Map(values.map((value, code) => [value, code]))
  return { name: attribute, codes: taken.map(labelReader(column, (label) => codeOf.get(label) ?? -1)), values }
}

/** The labels that occur, numbers ascending, a missing value last. */
export function distinctLabels(column: Column, taken: Int32Array): string[] {
  const found: string[] = []
  const read = labelReader(column, (label) => found.push(label))
  for (const row of taken) read(row)
  const values = found.filter((label) => label !== missing)
  if (column.kind === 'number') values.sort((a, b) => Number(a) - Number(b))
  return values.length < found.length ? [...values, missing] : values
}

/** Reads a row's code; `codeOf` is asked once for each label, when it first occurs. */
function labelReader(column: Column, codeOf: (label: string, row: number) => number): (row: number) => number {
  if (column.kind === 'number') {
    const known = new Map<number, number>()
    return (row) => {
      const value = column.values[row] as number
      let code = known.get(value)
      if (code === undefined) {
        code = codeOf(Number.isNaN(value) ? missing : String(value), row)
        known.set(value, code)
      }
      return code
    }
  }
  const { codes, dictionary } = column
  // Place 0 is the missing value, whose code is -1.
  const known = new Int32Array(dictionary.length + 1).fill(-1)
  return (row) => {
    const place = (codes[row] as number) + 1
    const code = known[place] as number
    if (code >= 0) return code
    const found = codeOf(place === 0 ? missing : (dictionary[place - 1] as string), row)
    known[place] = found
    return found
  }
}

function checkNotAllMissing(column: Column, taken: Int32Array): void {
  const isMissing = column.kind === 'number' ? (row: number) => Number.isNaN(column.values[row]) : (row: number) => (column.codes[row] as number) < 0
  if (!taken.every((row) => isMissing(row))) return
  const { name } = column.field
  throw new TreatmentError('all_missing', `column ${name} has no value in any row; leave it out of the roles, or make it insensitive`, name)
}
