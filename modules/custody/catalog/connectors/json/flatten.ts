/** One document as one row: members inside members are columns with dots in their names, and lists stay as their JSON text. Pure. */
import type { SourceRecord, SourceValue } from '@gatehouse/tabular/value'
import { ConnectorError } from '../connector.ts'
import { say } from '../words.ts'
import { isObject, type Json, type JsonObject } from './document.ts'

export const rowColumnsMax = 4_096
export const columnNameMax = 200

/** @throws ConnectorError naming the column whose value could not be kept as it is */
export function flatten(document: JsonObject, source: string): SourceRecord {
  const row: Record<string, SourceValue> = Object.create(null)
  let columns = 0
  const walk = (object: JsonObject, above: string): void => {
    for (const [member, value] of Object.entries(object)) {
      const column = above === '' ? member : `${above}.${member}`
      if (isObject(value) && Object.keys(value).length > 0) {
        walk(value, column)
        continue
      }
      if (++columns > rowColumnsMax) throw new ConnectorError('unsupported', say('row_columns', { source, columns: rowColumnsMax }))
      if (column === '' || column.length > columnNameMax) throw new ConnectorError('unsupported', say('column_name_length', { source, length: columnNameMax }))
      row[column] = cellOf(value, column, source)
    }
  }
  walk(document, '')
  return row
}

/** A value as a cell. @throws ConnectorError where it cannot be kept as it is */
export function cellOf(value: Json, column: string, source: string): SourceValue {
  // What JSON.parse gives for a longer number is another number, and so perhaps another person.
  if (typeof value === 'number' && (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))))
    throw new ConnectorError('bad_value', say('number_beyond_json', { source, column }))
  return typeof value === 'object' && value !== null ? (isObject(value) ? null : JSON.stringify(value)) : value
}
