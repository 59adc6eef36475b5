/** What an index's mapping makes of its columns. Pure. */
import { type FieldType, fieldNameOf } from '@gatehouse/tabular/field'
import type { DiscoveredColumn } from '../connector.ts'
import { isObject, type Json, memberOf } from '../json/document.ts'

const types: Readonly<Record<string, FieldType>> = {
  keyword: 'string',
  constant_keyword: 'string',
  wildcard: 'string',
  text: 'string',
  match_only_text: 'string',
  ip: 'string',
  version: 'string',
  geo_point: 'string',
  byte: 'integer',
  short: 'integer',
  integer: 'integer',
  long: 'integer',
  unsigned_long: 'integer',
  half_float: 'number',
  float: 'number',
  double: 'number',
  scaled_float: 'number',
  boolean: 'boolean',
  date: 'instant',
  date_nanos: 'instant',
}

/** The document's own name, which every index has. */
export const idColumn = '_id'
const dayFormats = new Set(['date', 'strict_date', 'yyyy-MM-dd', 'strict_year_month_day', 'year_month_day'])

/**
 * Columns with dots in their names, in the mapping's order. Lists of objects (`nested`) and what is made for searching alone are no columns.
 * The physical type says besides what decides whether a filter finds all that is meant: `keyword(256)` does not find longer values.
 */
export function columnsOf(mapping: Json | undefined): DiscoveredColumn[] {
  return [...leaves(memberOf(mapping, 'properties'), ''), { column: idColumn, physical: idColumn, field: fieldOf('document_id', 'string') }]
}

function* leaves(properties: Json | undefined, above: string): Generator<DiscoveredColumn, void, undefined> {
  if (!isObject(properties)) return
  for (const [name, property] of Object.entries(properties)) {
    const column = above === '' ? name : `${above}.${name}`
    const type = memberOf(property, 'type') ?? 'object'
    if (type === 'object') yield* leaves(memberOf(property, 'properties'), column)
    else if (typeof type === 'string' && Object.hasOwn(types, type)) {
      const physical = physicalOf(type, property)
      yield { column, physical, field: fieldOf(fieldNameOf(column), physical === 'date(day)' ? 'date' : (types[type] ?? 'string')) }
    }
  }
}

const fieldOf = (name: string, type: FieldType) => ({ name, type, sensitivity: 'sensitive' as const, nullable: true })

function physicalOf(type: string, property: Json): string {
  if (memberOf(property, 'index') === false) return `${type}, not indexed`
  if (type === 'date') return dayFormats.has(String(memberOf(property, 'format'))) ? 'date(day)' : 'date'
  if (type !== 'keyword') return type
  const above = memberOf(property, 'ignore_above')
  return `keyword${typeof above === 'number' ? `(${above})` : ''}${memberOf(property, 'normalizer') === undefined ? '' : ', normalized'}`
}
