/** What every operator does with a table: take a column out, put a changed one in its place, keep some rows. */
import { type Column, type Dataset, type DictionaryColumn, missingCode, type NumberColumn } from '@gatehouse/tabular/dataset'
import type { FieldType } from '@gatehouse/tabular/field'
import { OperatorError } from './operator.ts'

/** @throws OperatorError when the table has no such column */
export function columnNamed(operator: string, table: Dataset, name: string): Column {
  const column = table.columns.find(({ field }) => field.name === name)
  if (column === undefined) {
    const names = table.columns.map(({ field }) => field.name).join(', ')
    throw new OperatorError('unknown_column', operator, `the table has no such column; it has ${names}`, name)
  }
  return column
}

/** @throws OperatorError when the column is missing or holds text */
export function numbersNamed(operator: string, table: Dataset, name: string): NumberColumn {
  const column = columnNamed(operator, table, name)
  if (column.kind === 'number') return column
  throw new OperatorError('not_numeric', operator, `the column is read as ${column.field.type}; declare its type as "integer" or "number"`, name)
}

/** @throws OperatorError unless the column holds text, days, times or booleans */
export function codesNamed(operator: string, table: Dataset, name: string): DictionaryColumn {
  const column = columnNamed(operator, table, name)
  if (column.kind === 'dictionary') return column
  throw new OperatorError(
    'not_text',
    operator,
    `the column is read as ${column.field.type}; declare its type as "string" to treat its values as categories`,
    name,
  )
}

/** The numbers of a column without a missing one. @throws OperatorError when one is missing */
export function completeNumbers(operator: string, table: Dataset, name: string): Float64Array {
  const { values } = numbersNamed(operator, table, name)
  const missing = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0)
  if (missing === 0) return values
  const what = `${missing} of ${values.length} rows have no value; take them out first with row_suppression { "missing": true }`
  throw new OperatorError('missing_value', operator, what, name)
}

export function withColumns(table: Dataset, changed: readonly Column[]): Dataset {
  const byName = new Map(changed.map((column) => [column.field.name, column]))
  return { rowCount: table.rowCount, columns: table.columns.map((column) => byName.get(column.field.name) ?? column) }
}

export function withoutColumns(table: Dataset, names: readonly string[]): Dataset {
  return { rowCount: table.rowCount, columns: table.columns.filter(({ field }) => !names.includes(field.name)) }
}

/** @param type where the values are of another type than they were, such as means of whole numbers */
export function withNumbers(column: NumberColumn, values: Float64Array, type: FieldType = column.field.type): NumberColumn {
  return { kind: 'number', field: { ...column.field, type }, values }
}

export function takeRows(table: Dataset, rows: Int32Array): Dataset {
  const take = (column: Column): Column =>
    column.kind === 'number'
      ? { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) }
      : { ...column, codes: rows.map((row) => column.codes[row] ?? missingCode) }
  return { rowCount: rows.length, columns: table.columns.map(take) }
}

/** The rows of each combination of values, in order of appearance; one group of all rows where no column is named. */
export function groupsBy(operator: string, table: Dataset, names: readonly string[]): Int32Array[] {
  const columns = names.map((name) => columnNamed(operator, table, name))
  const groups = new Map<string, number[]>()
  for (let row = 0; row < table.rowCount; row++) {
    const key = columns.map((column) => (column.kind === 'number' ? column.values[row] : column.codes[row])).join()
    const rows = groups.get(key)
    if (rows === undefined) groups.set(key, [row])
    else rows.push(row)
  }
  return [...groups.values()].map((rows) => Int32Array.from(rows))
}
