/** A table read as text, with numbers and dates where every value of a column is one. */

import { guessType } from '@gatehouse/tabular/column-sample'
import { type Column, type Dataset, missingCode } from '@gatehouse/tabular/dataset'
import { proposeRoles } from '@gatehouse/tabular/roles'
import { parseValue } from '@gatehouse/tabular/value'

/** Digits that are names and no quantities (postcodes, account numbers) stay text: leading zeros count. */
export function typedTable(dataset: Dataset): Dataset {
  const meanings = new Map(proposeRoles(dataset).map(({ column, semantic }) => [column, semantic]))
  const quantities = new Set([undefined, 'age', 'amount', 'measurement', 'date_of_birth', 'event_date', 'sex', 'code'])
  return { ...dataset, columns: dataset.columns.map((column) => (quantities.has(meanings.get(column.field.name)) ? typedColumn(column) : column)) }
}

function typedColumn(column: Column): Column {
  if (column.kind === 'number' || column.field.type !== 'string' || column.dictionary.length === 0) return column
  const { type, dateOrder } = guessType(column.dictionary, false)
  const field = { ...column.field, type }
  if (type === 'integer' || type === 'number') {
    const numbers = column.dictionary.map(Number)
    return { kind: 'number', field, values: Float64Array.from(column.codes, (code) => (code === missingCode ? Number.NaN : (numbers[code] ?? Number.NaN))) }
  }
  if (type !== 'date') return column
  const days = column.dictionary.map((text) => parseValue(text, 'date', dateOrder))
  if (dateOrder !== undefined || days.some((day) => !day.ok)) return column
  return { ...column, field }
}
