/** A mapping says how a source's columns become the fields of a record type. It is a file that can be read, reviewed and kept. */
import type { FieldProblem } from '@gatehouse/core/problem'
import {
  type Field,
  type FieldType,
  fieldNameOf,
  fieldNameRule,
  fieldTypes,
  isFieldName,
  isFieldType,
  isSemantic,
  isSensitivity,
  oneOf,
  type Semantic,
  type Sensitivity,
  semantics,
  sensitivities,
} from './field.ts'
import { forbiddenColumn, type RecordRow } from './json-record.ts'
import { isObject, type Parsed, pointerStep, unknownMembers } from './parsed.ts'
import type { Fault } from './push-parser.ts'
import { type DateOrder, dateOrders, parseValue, type SourceValue } from './value.ts'

export interface FieldMapping {
  /** The field's name; without it the column's heading folded to one. */
  readonly name?: string
  /** `string` when left out. */
  readonly type?: FieldType
  readonly semantic?: Semantic
  /** What the semantic has by custom when left out; `sensitive` when there is no semantic either. */
  readonly sensitivity?: Sensitivity
  readonly date_order?: DateOrder
  /** True when left out. */
  readonly nullable?: boolean
}

export interface Mapping {
  readonly record_type: string
  /** The column whose value names the person. It is stored as a field only when `fields` names it too. */
  readonly subject: string
  /** Columns left behind. Every column is mapped, dropped or the subject: nothing is taken in by accident. */
  readonly drop?: readonly string[]
  readonly fields: Readonly<Record<string, FieldMapping>>
}

export interface MappedRow {
  readonly line: number
  readonly subject: string
  readonly record: Record<string, SourceValue>
}

export const subjectLengthMax = 200

const recordTypeText = /^[a-z][a-z0-9_-]{0,62}$/
const mappingMembers = new Set(['record_type', 'subject', 'drop', 'fields'])
const fieldMembers = new Set(['name', 'type', 'semantic', 'sensitivity', 'date_order', 'nullable'])

/** Reads a mapping from JSON; every fault is told at once, each with its JSON pointer. */
export function parseMapping(json: unknown): Parsed<Mapping> {
  if (!isObject(json)) return { ok: false, errors: [{ pointer: '', detail: 'a mapping is an object with record_type, subject and fields' }] }
  const { record_type, subject, drop, fields } = json
  const errors = unknownMembers(json, mappingMembers, '')
  if (typeof record_type !== 'string' || !recordTypeText.test(record_type)) {
    errors.push({ pointer: '/record_type', detail: 'use lower-case letters, digits, "_" and "-", starting with a letter, at most 63' })
  }
  if (typeof subject !== 'string' || subject === '') errors.push({ pointer: '/subject', detail: 'name the column that tells whose record a row is' })
  const dropped = drop === undefined || (Array.isArray(drop) && drop.every((column) => typeof column === 'string'))
  if (!dropped) errors.push({ pointer: '/drop', detail: 'a list of column names' })
  if (!isObject(fields)) errors.push({ pointer: '/fields', detail: 'an object with one member per column' })
  else errors.push(...fieldsProblems(fields, Array.isArray(drop) ? drop : []))
  if (dropped && Array.isArray(drop) && (drop as unknown[]).includes(subject)) errors.push({ pointer: '/drop', detail: 'the subject column cannot be dropped' })
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: json as unknown as Mapping }
}

function fieldsProblems(fields: Record<string, unknown>, drop: readonly unknown[]): FieldProblem[] {
  const problems: FieldProblem[] = []
  const names = new Set<string>()
  if (Object.keys(fields).length === 0) problems.push({ pointer: '/fields', detail: 'map at least one column' })
  for (const [column, item] of Object.entries(fields)) {
    const at = `/fields${pointerStep(column)}`
    if (!isObject(item)) {
      problems.push({ pointer: at, detail: 'an object; {} takes the column as it is' })
      continue
    }
    if (drop.includes(column)) problems.push({ pointer: at, detail: 'this column is dropped as well; choose one' })
    if (column === forbiddenColumn) problems.push({ pointer: at, detail: 'no column can have this name' })
    problems.push(...fieldProblems(item, at))
    const name = typeof item.name === 'string' ? item.name : fieldNameOf(column)
    if (names.has(name)) problems.push({ pointer: `${at}/name`, detail: 'another column becomes a field of this name; give one of them its own' })
    names.add(name)
  }
  return problems
}

function fieldProblems(item: Record<string, unknown>, at: string): FieldProblem[] {
  const problems = unknownMembers(item, fieldMembers, at)
  const check = (member: string, good: (value: unknown) => boolean, detail: string): void => {
    if (item[member] !== undefined && !good(item[member])) problems.push({ pointer: `${at}/${member}`, detail })
  }
  check('name', (value) => typeof value === 'string' && isFieldName(value), fieldNameRule)
  check('type', isFieldType, oneOf(fieldTypes))
  check('semantic', isSemantic, oneOf(Object.keys(semantics)))
  check('sensitivity', isSensitivity, oneOf(sensitivities))
  check('date_order', (value) => dateOrders.includes(value as DateOrder), oneOf(dateOrders))
  check('nullable', (value) => typeof value === 'boolean', 'say true or false')
  if (item.date_order !== undefined && item.type !== 'date') problems.push({ pointer: `${at}/date_order`, detail: 'only a field of type date has an order' })
  return problems
}

/** The fields of the record type that a mapping makes. */
export function fieldsOf(mapping: Mapping): Field[] {
  return Object.entries(mapping.fields).map(([column, field]) => ({
    name: field.name ?? fieldNameOf(column),
    type: field.type ?? 'string',
    ...(field.semantic === undefined ? {} : { semantic: field.semantic }),
    sensitivity: field.sensitivity ?? (field.semantic === undefined ? 'sensitive' : semantics[field.semantic]),
    nullable: field.nullable ?? true,
  }))
}

/** Holds a mapping against a file's header before any row is read. */
export function checkColumns(mapping: Mapping, columns: readonly string[]): FieldProblem[] {
  const present = new Set(columns)
  const problems: FieldProblem[] = []
  if (!present.has(mapping.subject)) problems.push({ pointer: '/subject', detail: 'the file has no such column' })
  for (const column of Object.keys(mapping.fields)) {
    if (!present.has(column)) problems.push({ pointer: `/fields${pointerStep(column)}`, detail: 'the file has no such column' })
  }
  for (const column of columns) {
    if (!isKnown(mapping, column)) problems.push({ pointer: '/fields', detail: `the file's column "${column}" is neither mapped nor dropped` })
  }
  return problems
}

function isKnown(mapping: Mapping, column: string): boolean {
  return Object.hasOwn(mapping.fields, column) || column === mapping.subject || (mapping.drop ?? []).includes(column)
}

/**
 * The function that makes a subject and a typed record out of one row. A row is taken whole or not at all; its fault names line
 * and column, never a value.
 */
export function rowMapper(mapping: Mapping): (row: RecordRow) => MappedRow | Fault {
  const known = new Set([...Object.keys(mapping.fields), mapping.subject, ...(mapping.drop ?? [])])
  const targets = Object.entries(mapping.fields).map(([column, field]) => ({
    column,
    name: field.name ?? fieldNameOf(column),
    type: field.type ?? ('string' as const),
    order: field.date_order,
    nullable: field.nullable ?? true,
  }))

  return ({ line, record: source }) => {
    const subject = String(source[mapping.subject] ?? '').trim()
    if (subject === '' || subject.length > subjectLengthMax) {
      const message = `the subject column is to hold 1 to ${subjectLengthMax} characters`
      return { fault: 'missing_subject', line, field: mapping.subject, message }
    }
    for (const column of Object.keys(source)) {
      if (!known.has(column)) return { fault: 'unmapped_column', line, field: column, message: 'this column is neither mapped nor dropped' }
    }
    const record: Record<string, SourceValue> = {}
    for (const { column, name, type, order, nullable } of targets) {
      const typed = parseValue(source[column] ?? null, type, order)
      if (!typed.ok) return { fault: 'bad_value', line, field: column, message: `expected ${typed.expected}` }
      if (typed.value === null && !nullable) return { fault: 'missing_value', line, field: column, message: `expected a value of type ${type}` }
      record[name] = typed.value
    }
    return { line, subject, record }
  }
}
