/** The one statement of a reading, pure: names in backticks, values apart, bound by the server. */
import type { Predicate } from '@gatehouse/tabular/predicate'
import { parseDate } from '@gatehouse/tabular/value'
import type { DiscoveredColumn } from '../connector.ts'
import type { Leaf } from '../read-plan.ts'
import { ticked } from './names.ts'
import { baseOf, readingOf, selected } from './types.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly (string | number)[]
}

const operators = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const
const texts = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'])

/**
 * Whether the server finds by a comparison at least the rows that we mean. Its collations take some letters for each other, so of text it is
 * asked only for what is equal; what else comes by that is left out here.
 */
export function finds(leaf: Leaf, { physical, field }: DiscoveredColumn): boolean {
  const reading = readingOf(physical)
  if (reading === undefined || reading.type !== field.type) return false
  if ('missing' in leaf) return reading.type !== 'date' && reading.type !== 'instant'
  const values = 'in' in leaf ? leaf.in : 'starts_with' in leaf ? [leaf.starts_with] : [leaf.value]
  const equal = 'in' in leaf || ('is' in leaf && leaf.is === 'eq')
  if (texts.has(baseOf(physical)))
    return (equal || 'starts_with' in leaf) && values.every((value) => typeof value === 'string' && !/\p{Surrogate}/u.test(value))
  if ('starts_with' in leaf) return false
  switch (reading.type) {
    case 'integer':
      return values.every((value) => typeof value === 'number' && Number.isSafeInteger(value))
    case 'number':
      return baseOf(physical) === 'double' && values.every((value) => typeof value === 'number')
    case 'boolean':
      return 'is' in leaf && leaf.is === 'eq' && typeof leaf.value === 'boolean'
    case 'date':
      return values.every((value) => typeof value === 'string' && value >= '1000' && parseDate(value) === value)
    default:
      return false
  }
}

export interface Selection {
  readonly table: string
  readonly columns: readonly DiscoveredColumn[]
  readonly columnOf: (field: string) => DiscoveredColumn
  readonly hint: Predicate | undefined
  readonly order: readonly DiscoveredColumn[]
  readonly after: readonly (string | number)[] | undefined
  readonly limit: number
}

export function selection({ table, columns, columnOf, hint, order, after, limit }: Selection): Statement {
  const values: (string | number)[] = []
  const value = (given: string | number) => {
    values.push(given)
    return '?'
  }
  const conditions = [
    ...(hint === undefined ? [] : [condition(hint, columnOf, value)]),
    ...(after === undefined || order.length === 0 ? [] : [behind(order, after, value)]),
  ]
  const list = columns.map(({ column, physical }) => selected(column, physical)).join(', ')
  const text = [
    `SELECT ${list === '' ? '1' : list} FROM ${ticked(table)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(' AND ')}`]),
    ...(order.length === 0 ? [] : [`ORDER BY ${order.map(({ column }) => ticked(column)).join(', ')}`]),
    `LIMIT ${Math.trunc(limit)}`,
  ]
  return { text: text.join(' '), values }
}

type Value = (given: string | number) => string

function condition(predicate: Predicate, columnOf: Selection['columnOf'], value: Value): string {
  if ('all' in predicate) return `(${predicate.all.map((part) => condition(part, columnOf, value)).join(' AND ')})`
  if ('any' in predicate) return `(${predicate.any.map((part) => condition(part, columnOf, value)).join(' OR ')})`
  if ('not' in predicate) return `(NOT ${condition(predicate.not, columnOf, value)})`
  const { column } = columnOf(predicate.column)
  const name = ticked(column)
  if ('missing' in predicate) return `(${name} IS ${predicate.missing ? '' : 'NOT '}NULL)`
  if ('starts_with' in predicate) return `(${name} LIKE ${value(`${predicate.starts_with.replace(/[|%_]/g, '|$&')}%`)} ESCAPE '|')`
  if ('in' in predicate) return `(${name} IN (${predicate.in.map((given) => value(bound(given))).join(', ')}))`
  if (typeof predicate.value === 'boolean') return predicate.value ? `(${name} <> 0)` : `(${name} = 0)`
  return `(${name} ${operators[predicate.is]} ${value(predicate.value)})`
}

const bound = (given: string | number | boolean) => (typeof given === 'boolean' ? Number(given) : given)

export function isOrderly(order: readonly DiscoveredColumn[]): boolean {
  return order.length > 0 && order.every(({ physical }) => readingOf(physical)?.key === true)
}

function behind(order: readonly DiscoveredColumn[], after: readonly (string | number)[], value: Value): string {
  const names = order.map(({ column }) => ticked(column)).join(', ')
  return `((${names}) > (${order.map((_, index) => value(after[index] ?? '')).join(', ')}))`
}
