import { isObject } from './parsed.ts'
import type { Fault } from './push-parser.ts'
import type { SourceRecord } from './value.ts'

export interface RecordRow {
  /** 1-based line of the file on which the record begins. */
  readonly line: number
  readonly record: SourceRecord
}

/** In UTF-16 units; one JSON object. */
export const recordLengthMax = 1_048_576

/** `__proto__` as a column would reach into the objects that rows are kept in. */
export const forbiddenColumn = '__proto__'

/** One flat object out of its text. The parser's own words are not passed on, for they quote the text. */
export function parseJsonRecord(text: string, line: number, row: number): RecordRow | Fault {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { fault: 'not_json', row, line, message: 'this record is not JSON' }
  }
  if (!isObject(value)) return { fault: 'not_an_object', row, line, message: 'a record is a JSON object, {"column": value, …}' }
  for (const field in value) {
    const member = value[field]
    if (field === forbiddenColumn) return { fault: 'bad_header', row, line, field, message: `a column cannot be named ${forbiddenColumn}` }
    if (typeof member === 'object' && member !== null) {
      return { fault: 'nested_value', row, line, field, message: 'a value is text, a number, true, false or null; flatten objects and lists first' }
    }
    if (typeof member === 'number' && !isExact(member)) {
      return { fault: 'unsafe_number', row, line, field, message: 'this number is beyond what JSON readers keep exactly; write it as text, in quotes' }
    }
  }
  return { line, record: value as SourceRecord }
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
}
