/** How complete and how varied each column is. Counts only: an example would be somebody's value. */
import type { Column, Dataset } from './dataset.ts'
import type { FieldType } from './field.ts'

export interface ColumnProfile {
  readonly name: string
  readonly type: FieldType
  readonly missing: number
  /** Distinct values, the missing ones not counted. */
  readonly unique: number
  /** Least and greatest value of a numeric column that has one. In a small table these are values of single people. */
  readonly min?: number
  readonly max?: number
}

export interface Profile {
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
}

export function profile(dataset: Dataset): Profile {
  return { rows: dataset.rowCount, columns: dataset.columns.map(columnProfile) }
}

function columnProfile(column: Column): ColumnProfile {
  const { name, type } = column.field
  if (column.kind === 'dictionary') {
    // Codes are counted and not the dictionary: rows may have been taken away since it was made.
    const seen = new Set(column.codes)
    const missing = column.codes.reduce((count, code) => (code < 0 ? count + 1 : count), 0)
    return { name, type, missing, unique: seen.size - (missing > 0 ? 1 : 0) }
  }
  const present = column.values.filter((value) => !Number.isNaN(value))
  const missing = column.values.length - present.length
  if (present.length === 0) return { name, type, missing, unique: 0 }
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of present) {
    if (value < min) min = value
    if (value > max) max = value
  }
  return { name, type, missing, unique: new Set(present).size, min, max }
}
