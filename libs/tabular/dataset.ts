/**
 * A table by columns. Text is held as codes into a dictionary, so that grouping, counting and recoding work on small integers
 * and touch each distinct value once; numbers are held as doubles. A dataset never changes after it is built.
 */
import type { Field } from './field.ts'
import type { SourceRecord, SourceValue } from './value.ts'

/** The code of a missing value; `dictionary[-1]` is no value. */
export const missingCode = -1

/** Text, dates, instants and booleans (as "true" and "false"). `codes[row]` points into `dictionary`, in order of appearance. */
export interface DictionaryColumn {
  readonly kind: 'dictionary'
  readonly field: Field
  readonly codes: Int32Array
  readonly dictionary: readonly string[]
}

/** Integers and numbers; NaN where the value is missing. */
export interface NumberColumn {
  readonly kind: 'number'
  readonly field: Field
  readonly values: Float64Array
}

export type Column = DictionaryColumn | NumberColumn

export interface Dataset {
  readonly rowCount: number
  readonly columns: readonly Column[]
}

export interface DatasetBuilder {
  /** Takes a typed record, as `applyMapping` gives it. Members that are no field are refused, missing ones are null. */
  add(record: SourceRecord): void
  build(): Dataset
}

/** @throws TypeError when a record's value is not of its field's type: values are typed before they come here */
export function datasetBuilder(fields: readonly Field[]): DatasetBuilder {
  const names = new Set(fields.map((field) => field.name))
  if (names.size !== fields.length) throw new TypeError('the fields of a dataset need different names')
  const builders = fields.map((field) => (field.type === 'integer' || field.type === 'number' ? numberBuilder(field) : dictionaryBuilder(field)))
  let rowCount = 0
  return {
    add(record) {
      for (const name of Object.keys(record)) if (!names.has(name)) throw new TypeError(`the dataset has no field ${name}`)
      for (const builder of builders) builder.check(record[builder.field.name] ?? null)
      for (const builder of builders) builder.add(record[builder.field.name] ?? null, rowCount)
      rowCount++
    },
    build: () => ({ rowCount, columns: builders.map((builder) => builder.build(rowCount)) }),
  }
}

export function datasetFrom(fields: readonly Field[], records: Iterable<SourceRecord>): Dataset {
  const builder = datasetBuilder(fields)
  for (const record of records) builder.add(record)
  return builder.build()
}

/** @throws RangeError when the dataset has no such column */
export function columnOf(dataset: Dataset, name: string): Column {
  const found = dataset.columns.find((column) => column.field.name === name)
  if (!found) throw new RangeError(`the dataset has no column ${name}; it has ${dataset.columns.map((column) => column.field.name).join(', ')}`)
  return found
}

/** The named columns in the named order, shared and not copied. */
export function select(dataset: Dataset, names: readonly string[]): Dataset {
  return { rowCount: dataset.rowCount, columns: names.map((name) => columnOf(dataset, name)) }
}

export function valueAt(column: Column, row: number): SourceValue {
  if (column.kind === 'number') {
    const value = column.values[row]
    return value === undefined || Number.isNaN(value) ? null : value
  }
  const text = column.dictionary[column.codes[row] ?? missingCode]
  if (text === undefined) return null
  return column.field.type === 'boolean' ? text === 'true' : text
}

export function* rowsOf(dataset: Dataset): Generator<Record<string, SourceValue>, void, undefined> {
  for (let row = 0; row < dataset.rowCount; row++) {
    yield Object.fromEntries(dataset.columns.map((column) => [column.field.name, valueAt(column, row)]))
  }
}

interface ColumnBuilder {
  readonly field: Field
  check(value: SourceValue): void
  add(value: SourceValue, row: number): void
  build(rowCount: number): Column
}

const firstCapacity = 1_024

function numberBuilder(field: Field): ColumnBuilder {
  let values = new Float64Array(firstCapacity)
  return {
    field,
    check(value) {
      if (value !== null && (typeof value !== 'number' || !Number.isFinite(value))) throw new TypeError(`field ${field.name} takes finite numbers`)
    },
    add(value, row) {
      if (row === values.length) {
        const grown = new Float64Array(values.length * 2)
        grown.set(values)
        values = grown
      }
      values[row] = typeof value === 'number' ? value : Number.NaN
    },
    build: (rowCount) => ({ kind: 'number', field, values: values.slice(0, rowCount) }),
  }
}

function dictionaryBuilder(field: Field): ColumnBuilder {
  const codeOf = new Map<string, number>()
  const expected = field.type === 'boolean' ? 'boolean' : 'string'
  let codes = new Int32Array(firstCapacity)
  return {
    field,
    check(value) {
      if (value !== null && typeof value !== expected) throw new TypeError(`field ${field.name} takes a ${expected}`)
    },
    add(value, row) {
      if (row === codes.length) {
        const grown = new Int32Array(codes.length * 2)
        grown.set(codes)
        codes = grown
      }
      const text = String(value)
      const code = value === null ? missingCode : (codeOf.get(text) ?? codeOf.size)
      if (code === codeOf.size) codeOf.set(text, code)
      codes[row] = code
    },
    build: (rowCount) => ({ kind: 'dictionary', field, codes: codes.slice(0, rowCount), dictionary: [...codeOf.keys()] }),
  }
}
