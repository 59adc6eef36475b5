/** Predicates in the words of the search API. Values are only ever values of JSON members; nothing is parsed as a query. Pure. */
import { isInstant } from '@gatehouse/core/instant'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { parseDate } from '@gatehouse/tabular/value'
import type { DiscoveredColumn } from '../connector.ts'
import type { JsonObject } from '../json/document.ts'
import type { Leaf } from '../read-plan.ts'

const bits: Readonly<Record<string, number>> = { byte: 7, short: 15, integer: 31, long: 53 }
const valuesOf = (leaf: Leaf) => ('in' in leaf ? leaf.in : 'is' in leaf ? [leaf.value] : 'starts_with' in leaf ? [leaf.starts_with] : [])

/** Whether the index finds by it at least what we mean: a list of values is found by each of them, and we know it as its text. */
export function finds(leaf: Leaf, { physical }: DiscoveredColumn): boolean {
  const values = valuesOf(leaf)
  if (values.length === 0 || ('is' in leaf && leaf.is === 'ne')) return false
  const ordered = 'is' in leaf && leaf.is !== 'eq'
  const keyword = /^keyword(?:\((\d+)\))?$/.exec(physical)
  if (keyword !== null) {
    const above = keyword[1]
    if (ordered || ('starts_with' in leaf && above !== undefined)) return false
    return values.every((value) => typeof value === 'string' && !/\p{Surrogate}/u.test(value) && (above === undefined || value.length <= Number(above)))
  }
  if ('starts_with' in leaf) return false
  const limit = bits[physical]
  if (limit !== undefined) return values.every((value) => typeof value === 'number' && Math.abs(value) < 2 ** limit && (ordered || Number.isInteger(value)))
  switch (physical) {
    case 'double':
      return values.every((value) => typeof value === 'number')
    case 'boolean':
      return !ordered && values.every((value) => typeof value === 'boolean')
    case 'date':
      return 'is' in leaf && values.every((value) => typeof value === 'string' && isInstant(value))
    case 'date(day)':
      return 'is' in leaf && values.every((value) => typeof value === 'string' && /^[1-9]/.test(value) && parseDate(value) === value)
    default:
      return false
  }
}

const ranges = { lt: 'lt', le: 'lte', gt: 'gt', ge: 'gte' } as const

export function queryOf(predicate: Predicate, columnOf: (field: string) => DiscoveredColumn): JsonObject {
  if ('all' in predicate) return { bool: { filter: predicate.all.map((part) => queryOf(part, columnOf)) } }
  if ('any' in predicate) return { bool: { should: predicate.any.map((part) => queryOf(part, columnOf)), minimum_should_match: 1 } }
  if ('not' in predicate) return { bool: { must_not: [queryOf(predicate.not, columnOf)] } }
  const { column, physical } = columnOf(predicate.column)
  if ('in' in predicate) return { terms: { [column]: predicate.in } }
  if ('starts_with' in predicate) return { prefix: { [column]: { value: predicate.starts_with } } }
  if ('missing' in predicate) return { bool: { [predicate.missing ? 'must_not' : 'filter']: [{ exists: { field: column } }] } }
  const { is, value } = predicate
  const format = formatOf(physical)
  if (format !== undefined) return { range: { [column]: { ...(is === 'eq' ? { gte: value, lte: value } : { [ranges[is as 'lt']]: value }), format } } }
  return is === 'eq' || is === 'ne' ? { term: { [column]: { value } } } : { range: { [column]: { [ranges[is]]: value } } }
}

/** How moments and days are written in requests and answers, whatever the index itself does. */
export function formatOf(physical: string): string | undefined {
  if (physical === 'date(day)') return 'strict_date'
  return physical.startsWith('date') ? 'strict_date_time' : undefined
}
