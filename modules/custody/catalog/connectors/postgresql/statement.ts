/**
 * The one statement of a reading, pure. Names are those that the server's own catalogue has just told, quoted; values never stand in the
 * statement: COPY takes no parameters, so each is set beforehand as a setting of the transaction, by a statement that does take them, and
 * read back where it is meant.
 */
import type { Predicate } from '@gatehouse/tabular/predicate'
import type { Leaf } from '../read-plan.ts'
import { quoted } from './names.ts'
import { readingOf, type ServerColumn } from './types.ts'

/** A column that is read, with the type that it is to have. */
export interface WantedColumn {
  readonly server: ServerColumn
  readonly type: Parameters<typeof readingOf>[1]
}

export interface Statement {
  readonly text: string
  /** Of the settings `gatehouse.v0`, `gatehouse.v1` and so on. */
  readonly values: readonly string[]
}

const operators = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const
/** NaN, the infinities and days outside of our calendar are missing values here. */
const bounds: Readonly<Record<string, string>> = {
  float8: `BETWEEN '-1.7976931348623157e308' AND '1.7976931348623157e308'`,
  date: `BETWEEN '0001-01-01' AND '9999-12-31'`,
}

/** Whether the server means by a comparison exactly what we mean. */
export function takes(leaf: Leaf, { server, type }: WantedColumn): boolean {
  const { base, is_enum, deterministic } = server
  // Text that PostgreSQL cannot hold equals nothing there, and cannot even be asked for.
  if (textsOf(leaf).some((text) => text.includes('\0') || /\p{Surrogate}/u.test(text))) return false
  const own = readingOf(server)
  if ('missing' in leaf) return base !== 'timestamp' && base !== 'timestamptz' && base !== 'numeric' && base !== 'float4'
  if (own.type !== (type ?? own.type)) return false
  const values = 'in' in leaf ? leaf.in : 'starts_with' in leaf ? [leaf.starts_with] : [leaf.value]
  const ordered = 'is' in leaf && leaf.is !== 'eq' && leaf.is !== 'ne'
  switch (base) {
    case 'bool':
      return !ordered && values.every((value) => typeof value === 'boolean')
    case 'int2':
    case 'int4':
    case 'int8':
      return values.every((value) => typeof value === 'number' && Number.isSafeInteger(value))
    case 'float8':
      return values.every((value) => typeof value === 'number' && Number.isFinite(value))
    case 'date':
      return values.every((value) => typeof value === 'string' && /^[1-9]\d{3}-\d\d-\d\d$/.test(value) && isDay(value)) && 'starts_with' in leaf === false
    case 'text':
    case 'varchar':
      return deterministic && !ordered && values.every((value) => typeof value === 'string')
    default:
      return is_enum && !ordered && values.every((value) => typeof value === 'string')
  }
}

function isDay(text: string): boolean {
  const [year, month, day] = text.split('-').map(Number) as [number, number, number]
  const days = [31, year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day >= 1 && day <= (days[month - 1] ?? 0)
}

function textsOf(leaf: Leaf): string[] {
  const values = 'in' in leaf ? leaf.in : 'starts_with' in leaf ? [leaf.starts_with] : 'is' in leaf ? [leaf.value] : []
  return values.filter((value) => typeof value === 'string')
}

export interface Selection {
  readonly schema: string
  readonly table: string
  readonly columns: readonly WantedColumn[]
  readonly columnOf: (name: string) => WantedColumn
  readonly where: Predicate | undefined
  readonly order: readonly WantedColumn[]
  readonly after: readonly (string | number)[] | undefined
  readonly limit: number
}

export function selection({ schema, table, columns, columnOf, where, order, after, limit }: Selection): Statement {
  const values: string[] = []
  /** A sub-select of its own, so that it is computed once and not for each row. */
  const value = (text: string, type: string) => `(SELECT current_setting('gatehouse.v${values.push(text) - 1}')::${type})`
  const conditions = [
    ...(where === undefined ? [] : [condition(where, columnOf, value)]),
    ...(after === undefined || order.length === 0 ? [] : [behind(order, after, value)]),
  ]
  const list = columns.map(({ server, type }) => `${quoted(server.column)}${readingOf(server, type).cast ? '::text' : ''}`).join(', ')
  const text = [
    // A table of which only the number of rows is wanted has columns to read all the same: a constant.
    `SELECT ${list === '' ? 'true' : list} FROM ${quoted(schema)}.${quoted(table)}`,
    conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    order.length === 0 ? '' : `ORDER BY ${order.map(({ server }) => quoted(server.column)).join(', ')}`,
    `LIMIT ${Math.trunc(limit)}`,
  ]
  return { text: text.filter((part) => part !== '').join(' '), values }
}

type Value = (text: string, type: string) => string

/** Never unknown (null): what is missing is not equal, and not unequal either. */
function condition(predicate: Predicate, columnOf: Selection['columnOf'], value: Value): string {
  if ('all' in predicate) return `(${predicate.all.map((part) => condition(part, columnOf, value)).join(' AND ')})`
  if ('any' in predicate) return `(${predicate.any.map((part) => condition(part, columnOf, value)).join(' OR ')})`
  if ('not' in predicate) return `(NOT ${condition(predicate.not, columnOf, value)})`
  const { server } = columnOf(predicate.column)
  const name = quoted(server.column)
  const bound = bounds[server.base]
  const there = bound === undefined ? `(${name} IS NOT NULL)` : `(${name} IS NOT NULL AND ${name} ${bound})`
  if ('missing' in predicate) return predicate.missing ? `(NOT ${there})` : there
  const subject = server.is_enum ? `${name}::text` : name
  const type = server.is_enum ? 'text' : server.base === 'varchar' ? 'text' : server.base
  if ('starts_with' in predicate) return `(${there} AND left(${subject}, ${[...predicate.starts_with].length}) = ${value(predicate.starts_with, 'text')})`
  // Whole numbers of any width: one that does not fit a narrow column equals none of its values, and is no error.
  const wide = type.startsWith('int') ? 'int8' : type
  if ('in' in predicate) {
    const list = `(SELECT array_agg(v::${wide}) FROM jsonb_array_elements_text(${value(JSON.stringify(predicate.in), 'jsonb')}) v)`
    return `(${there} AND ${subject} = ANY(${list}::${wide}[]))`
  }
  return `(${there} AND ${subject} ${operators[predicate.is]} ${value(String(predicate.value), wide)})`
}

/** Types whose values we give back exactly, so that the order can be gone on with. */
const orderly = new Set(['int2', 'int4', 'int8', 'text', 'varchar', 'uuid', 'date'])

export function isOrderly(order: readonly WantedColumn[]): boolean {
  return order.length > 0 && order.every(({ server }) => orderly.has(server.base))
}

function behind(order: readonly WantedColumn[], after: readonly (string | number)[], value: Value): string {
  const names = order.map(({ server }) => quoted(server.column)).join(', ')
  const values = order.map(({ server }, index) => value(String(after[index]), server.base)).join(', ')
  return `((${names}) > (${values}))`
}
