/**
 * The one statement of a reading, pure. Names are those that the server's own catalogue has just told, in brackets; a value is only ever a
 * parameter. What is asked for holds for every row that is meant; the rest is judged over what comes.
 */
import { addSeconds, isInstant } from '@gatehouse/core/instant'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { parseDate } from '@gatehouse/tabular/value'
import type { DiscoveredColumn } from '../connector.ts'
import type { Leaf } from '../read-plan.ts'
import { bracketed } from './names.ts'
import { baseOf, readingOf, selected } from './types.ts'

export interface Parameter {
  readonly name: string
  readonly kind: 'text' | 'whole' | 'number' | 'truth'
  readonly value: string | number | boolean
}

export interface Statement {
  readonly text: string
  readonly parameters: readonly Parameter[]
}

/** The protocol takes 2,100. */
const parametersMax = 2_000
const listMax = 200

const whole = new Set(['tinyint', 'smallint', 'int', 'bigint'])
const texts = new Set(['char', 'nchar', 'varchar', 'nvarchar'])
const moments = new Set(['datetime', 'smalldatetime', 'datetime2', 'datetimeoffset'])
const guid = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/

/** Whether the server finds by it at least what we mean: its collations hold more texts for equal than we do, and order them otherwise. */
export function finds(leaf: Leaf, { physical, field }: DiscoveredColumn): boolean {
  if ('missing' in leaf || ('is' in leaf && leaf.is === 'ne')) return false
  const values = 'in' in leaf ? leaf.in : 'starts_with' in leaf ? [leaf.starts_with] : [leaf.value]
  const ordered = 'is' in leaf && leaf.is !== 'eq'
  const base = baseOf(physical)
  if (values.length > listMax || readingOf(physical)?.type !== field.type) return false
  if (texts.has(base)) return !ordered && values.every((value) => typeof value === 'string' && value.length <= 4_000 && !/\0|\p{Surrogate}/u.test(value))
  if ('starts_with' in leaf) return false
  if (whole.has(base)) return values.every((value) => typeof value === 'number' && Number.isSafeInteger(value))
  if (base === 'float') return values.every((value) => typeof value === 'number' && Number.isFinite(value))
  if (base === 'bit') return !ordered && values.every((value) => typeof value === 'boolean')
  if (base === 'uniqueidentifier') return !ordered && values.every((value) => typeof value === 'string' && guid.test(value))
  if (base === 'date') return values.every((value) => typeof value === 'string' && value >= '0001' && parseDate(value) === value)
  return moments.has(base) && 'is' in leaf && typeof leaf.value === 'string' && isInstant(leaf.value) && leaf.value >= '0002' && leaf.value < '9999'
}

export interface Selection {
  readonly schema: string
  readonly table: string
  readonly columns: readonly DiscoveredColumn[]
  readonly columnOf: (field: string) => DiscoveredColumn
  readonly hint: Predicate | undefined
  readonly order: readonly DiscoveredColumn[]
  readonly after: readonly (string | number)[] | undefined
  readonly limit: number
}

export function selection({ schema, table, columns, columnOf, hint, order, after, limit }: Selection): Statement {
  const behind = after === undefined || order.length === 0 ? undefined : (value: Value) => behindKey(order, after, value)
  const written = conditions(
    hint === undefined ? behind : (value) => [condition(hint, columnOf, value), ...(behind === undefined ? [] : [behind(value)])].join(' AND '),
  )
  // Too many values to be sent: all of them are judged here instead.
  const { text: where, parameters } = written.parameters.length > parametersMax ? conditions(behind) : written
  const list = columns.map(({ column, physical }) => selected(column, physical)).join(', ')
  const text = [
    `SELECT TOP (${Math.trunc(limit)}) ${list === '' ? '1' : list} FROM ${bracketed(schema)}.${bracketed(table)}`,
    ...(where === '' ? [] : [`WHERE ${where}`]),
    ...(order.length === 0 ? [] : [`ORDER BY ${order.map(({ column }) => bracketed(column)).join(', ')}`]),
  ]
  return { text: text.join(' '), parameters }
}

type Value = (kind: Parameter['kind'], value: Parameter['value']) => string

function conditions(write: ((value: Value) => string) | undefined): Statement {
  const parameters: Parameter[] = []
  const text = write?.((kind, value) => {
    const name = `p${parameters.length}`
    parameters.push({ name, kind, value })
    return `@${name}`
  })
  return { text: text ?? '', parameters }
}

const operators = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const

function condition(predicate: Predicate, columnOf: Selection['columnOf'], value: Value): string {
  if ('all' in predicate) return `(${predicate.all.map((part) => condition(part, columnOf, value)).join(' AND ')})`
  if ('any' in predicate) return `(${predicate.any.map((part) => condition(part, columnOf, value)).join(' OR ')})`
  if ('not' in predicate) return `(NOT ${condition(predicate.not, columnOf, value)})`
  const { column, physical } = columnOf(predicate.column)
  const name = bracketed(column)
  if ('missing' in predicate) return `(${name} IS ${predicate.missing ? '' : 'NOT '}NULL)`
  // By code units: a collation would take a letter and the accent behind it for another letter.
  if ('starts_with' in predicate)
    return `(CAST(${name} AS nvarchar(max)) COLLATE Latin1_General_BIN2 LIKE ${value('text', `${predicate.starts_with.replace(/[\\%_[]/g, '\\$&')}%`)} ESCAPE N'\\')`
  if ('in' in predicate) return `(${name} IN (${predicate.in.map((each) => valueFor(physical, each, value)).join(', ')}))`
  if (moments.has(baseOf(physical))) return moment(name, baseOf(physical), predicate, value)
  return `(${name} ${operators[predicate.is]} ${valueFor(physical, predicate.value, value)})`
}

function valueFor(physical: string, given: string | number | boolean, value: Value): string {
  const base = baseOf(physical)
  if (typeof given === 'boolean') return value('truth', given)
  if (typeof given === 'number') return value(whole.has(base) ? 'whole' : 'number', given)
  return base === 'date' ? `CAST(${value('text', given)} AS date)` : value('text', given)
}

/** Its moments are finer than ours, or coarser, so that a second more is asked for on each side. */
function moment(name: string, base: string, { is, value: at }: Extract<Leaf, { is: unknown }>, value: Value): string {
  const bound = (seconds: number) => {
    const text = addSeconds(at as Parameters<typeof addSeconds>[0], seconds)
    return base === 'datetimeoffset' ? `CAST(${value('text', text)} AS datetimeoffset(3))` : `CAST(${value('text', text.slice(0, -1))} AS datetime2(3))`
  }
  const parts = [...(is === 'lt' || is === 'le' ? [] : [`${name} >= ${bound(-1)}`]), ...(is === 'gt' || is === 'ge' ? [] : [`${name} <= ${bound(1)}`])]
  return `(${parts.join(' AND ')})`
}

export function isOrderly(order: readonly DiscoveredColumn[]): boolean {
  return order.length > 0 && order.every(({ physical }) => readingOf(physical)?.key !== undefined && !physical.includes('max'))
}

/** `(a > 1 OR (a = 1 AND b > 2))`, each value as the type that its column is ordered by. */
function behindKey(order: readonly DiscoveredColumn[], after: readonly (string | number)[], value: Value): string {
  const typed = (index: number) => {
    const { physical } = order[index] as DiscoveredColumn
    const given = after[index] as string | number
    return `CAST(${value(typeof given === 'number' ? 'whole' : 'text', given)} AS ${readingOf(physical)?.key})`
  }
  const alternatives = order.map((last, index) =>
    [...order.slice(0, index).map(({ column }, at) => `${bracketed(column)} = ${typed(at)}`), `${bracketed(last.column)} > ${typed(index)}`].join(' AND '),
  )
  return `(${alternatives.map((each) => `(${each})`).join(' OR ')})`
}
