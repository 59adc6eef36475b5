/** What BSON holds, as cells: each with the kind that MongoDB compares it by. Pure but for the driver's own classes. */
import type { SourceValue } from '@gatehouse/tabular/value'
import { parseValue } from '@gatehouse/tabular/value'
import { ConnectorError } from '../connector.ts'
import { columnNameMax, rowColumnsMax } from '../json/flatten.ts'
import { say } from '../words.ts'

export interface Cell {
  readonly value: SourceValue
  /** `null` where nothing is there. */
  readonly kind: 'string' | 'number' | 'boolean' | 'date' | 'objectId' | 'uuid' | 'list' | 'other' | 'null'
}

/** Documents inside documents are columns with dots in their names; lists stay as the text of their extended JSON. */
export function cellsOf(document: object, collection: string, textOf: (value: unknown) => string): Map<string, Cell> {
  const cells = new Map<string, Cell>()
  // Level by level and not by recursion, and in the document's order.
  const waiting: [string, unknown][] = entriesOf(document, '')
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [column, value] = next
    if (isDocument(value)) {
      waiting.unshift(...entriesOf(value, `${column}.`))
      continue
    }
    if (cells.size === rowColumnsMax) throw new ConnectorError('unsupported', say('document_columns', { table: collection, columns: rowColumnsMax }))
    if (column.length > columnNameMax) throw new ConnectorError('unsupported', say('column_name_length', { source: collection, length: columnNameMax }))
    cells.set(column, cellOf(value, column, collection, textOf))
  }
  return cells
}

/** A member whose name has a dot or begins like an operator cannot be asked for by its name. */
function entriesOf(document: object, above: string): [string, unknown][] {
  return Object.entries(document).flatMap(([name, value]): [string, unknown][] =>
    name === '' || name.startsWith('$') || name.includes('.') || name === '__proto__' ? [] : [[`${above}${name}`, value]],
  )
}

function isDocument(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length > 0
}

const nothing: Cell = { value: null, kind: 'null' }

function cellOf(value: unknown, column: string, collection: string, textOf: (value: unknown) => string): Cell {
  switch (typeof value) {
    case 'string':
      return { value, kind: 'string' }
    case 'boolean':
      return { value, kind: 'boolean' }
    case 'number':
      return Number.isFinite(value) ? { value, kind: 'number' } : nothing
    case 'bigint':
      if (BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))) return { value: Number(value), kind: 'number' }
      throw new ConnectorError('bad_value', say('whole_number_kept', { table: collection, column }))
    case 'object':
      return value === null ? nothing : objectCell(value, column, collection, textOf)
    default:
      return nothing
  }
}

function objectCell(value: object, column: string, collection: string, textOf: (value: unknown) => string): Cell {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? nothing : { value: value.toISOString(), kind: 'date' }
  if (Array.isArray(value)) return { value: textOf(value), kind: 'list' }
  const type = (value as { _bsontype?: unknown })._bsontype
  if (type === 'ObjectId') return { value: String(value), kind: 'objectId' }
  if (type === 'Decimal128') {
    const parsed = parseValue(String(value).replace('E', 'e'), 'number')
    if (parsed.ok) return { value: parsed.value, kind: 'number' }
    if (/NaN|Infinity/.test(String(value))) return nothing
    throw new ConnectorError('bad_value', say('decimal_kept', { table: collection, column }))
  }
  if (type === 'Binary' && (value as { sub_type?: unknown }).sub_type === 4) {
    const hex = (value as { toString(encoding: string): string }).toString('hex')
    return { value: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), kind: 'uuid' }
  }
  return Object.keys(value).length === 0 && type === undefined ? nothing : { value: textOf(value), kind: 'other' }
}
