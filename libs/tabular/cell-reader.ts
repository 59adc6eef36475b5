/**
 * The cells of one column, typed and gathered into chunks. Reading goes down a column and not along a row, so that no row becomes an object,
 * a number stays one, and a text is typed once for each chunk it stands in.
 */
import { type Column, missingCode } from './dataset.ts'
import type { Field } from './field.ts'
import { type DateOrder, parseValue, type SourceValue } from './value.ts'

/** One below the other. `undefined` stands for what no cell can hold: a list, a structure, bytes. */
export type Cells = ArrayLike<SourceValue | undefined>

export const nestedValue = 'a value is text, a number, true, false or null; flatten lists and structures first'

export interface CellReader {
  /** Of which cell of those that are read, and what was expected there; `undefined` where no cell can hold it. */
  read(cells: Cells, from: number, count: number, row: number, refuse: (at: number, expected: string | undefined) => void): void
  /** The chunk's column of so many rows; the next chunk begins. A cell that was refused is missing. */
  take(rows: number): Column
}

export function cellReader(field: Field, rowsMax: number, order?: DateOrder): CellReader {
  return field.type === 'integer' || field.type === 'number' ? numberReader(field, field.type, rowsMax) : textReader(field, rowsMax, order)
}

function numberReader(field: Field, type: 'integer' | 'number', rowsMax: number): CellReader {
  let values = new Float64Array(rowsMax)
  return {
    read(cells, from, count, row, refuse) {
      for (let at = 0; at < count; at++) {
        const cell = cells[from + at]
        // What is a number already is only looked at. Zero is added because minus zero is zero here.
        if (typeof cell === 'number' && (type === 'integer' ? Number.isSafeInteger(cell) : Math.abs(cell) < Number.POSITIVE_INFINITY)) {
          values[row + at] = cell + 0
          continue
        }
        values[row + at] = Number.NaN
        if (cell === null) continue
        const typed = cell === undefined ? undefined : parseValue(cell, type)
        if (typed?.ok !== true) refuse(at, typed?.expected)
        else if (typed.value !== null) values[row + at] = typed.value as number
      }
    },
    take(rows) {
      const taken = values.subarray(0, rows)
      values = new Float64Array(rowsMax)
      return { kind: 'number', field, values: taken }
    },
  }
}

function textReader(field: Field, rowsMax: number, order: DateOrder | undefined): CellReader {
  let codes = new Int32Array(rowsMax)
  let dictionary: string[] = []
  /** By the texts of the dictionary, and by what was typed to be one of them. */
  let codeOf = new Map<SourceValue, number>()

  /** Of a cell that the chunk has not seen. */
  function codeOfNew(cell: SourceValue, refuse: (expected: string) => void): number {
    const typed = parseValue(cell, field.type, order)
    if (!typed.ok) refuse(typed.expected)
    if (!typed.ok || typed.value === null) return missingCode
    const text = String(typed.value)
    const code = (text === cell ? undefined : codeOf.get(text)) ?? dictionary.push(text) - 1
    codeOf.set(text, code)
    if (text !== cell && typeof cell !== 'number') codeOf.set(cell, code)
    return code
  }

  return {
    read(cells, from, count, row, refuse) {
      for (let at = 0; at < count; at++) {
        const cell = cells[from + at]
        codes[row + at] = missingCode
        if (cell === undefined) refuse(at, undefined)
        else if (cell !== null) {
          // A number that is kept as text is found by its text alone: most often it is a number that names one row.
          const known = typeof cell === 'number' ? undefined : codeOf.get(cell)
          codes[row + at] = known ?? codeOfNew(cell, (expected) => refuse(at, expected))
        }
      }
    },
    take(rows) {
      const column: Column = { kind: 'dictionary', field, codes: codes.subarray(0, rows), dictionary }
      codes = new Int32Array(rowsMax)
      dictionary = []
      codeOf = new Map()
      return column
    },
  }
}
