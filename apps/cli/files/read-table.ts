/**
 * Reads a file into a table by columns. One row that cannot be read ends it: a table in which rows are missing without anybody
 * having said so is no ground for a promise about privacy.
 */
import { type Dataset, datasetBuilder } from '@gatehouse/tabular/dataset'
import type { Field, FieldType } from '@gatehouse/tabular/field'
import type { RecordRow } from '@gatehouse/tabular/json-record'
import { isFault } from '@gatehouse/tabular/push-parser'
import { type DateOrder, parseValue, type SourceRecord, type SourceValue } from '@gatehouse/tabular/value'
import { count } from '../terminal/output.ts'
import { openProgress } from '../terminal/progress.ts'
import { TableError } from './table-error.ts'
import { openTable, type TableSource } from './table-source.ts'

export interface ReadOptions {
  /** Chooses the columns and how they are read, knowing the first rows. Columns that are not chosen are left behind. */
  fields(columns: readonly string[], natural: (column: string) => FieldType): readonly Field[]
  dateOrder?(column: string): DateOrder | undefined
  readonly show: boolean
}

/** Rows from which the columns of JSON are known; a later row may lack some and not bring others. */
const firstRowsMax = 1_000
const progressEveryRows = 5_000

/** @throws TableError with the file, the line and how to mend it; whatever `fields` throws */
export async function readTable(path: string, options: ReadOptions): Promise<Dataset> {
  const source = await openTable(path)
  const progress = openProgress('Reading  ', source.total, options.show)
  try {
    let first: RecordRow[] | undefined = []
    let table: ReturnType<typeof tableOf> | undefined
    let read = 0
    for await (const item of source.rows()) {
      if (isFault(item))
        throw new TableError(item.fault, path, item.field === undefined ? item.message : `column ${JSON.stringify(item.field)}: ${item.message}`, item.line)
      if (++read % progressEveryRows === 0) progress.to(source.done(), `${count(read)} rows`)
      if (table !== undefined) {
        table.add(item)
        continue
      }
      first?.push(item)
      if (first?.length === firstRowsMax) {
        table = tableOf(path, source, first, options)
        first = undefined
      }
    }
    table ??= tableOf(path, source, first ?? [], options)
    return table.build()
  } finally {
    progress.end()
    await source.close()
  }
}

function tableOf(path: string, source: TableSource, first: readonly RecordRow[], options: ReadOptions) {
  const columns = source.columns() ?? [...new Set(first.flatMap(({ record }) => Object.keys(record)))]
  if (columns.length === 0)
    throw new TableError('empty_file', path, 'the file is empty; a table is CSV with a header, one JSON object per line, one JSON array of objects, or Parquet')
  const natural = source.format === 'csv' ? () => 'string' as const : (column: string) => naturalType(first, column)
  const fields = options.fields(columns, natural)
  if (first.length === 0) throw new TableError('no_rows', path, 'the file has a header and no row')
  const builder = datasetBuilder(fields)
  const known = new Set(columns)
  const readers = fields.map((field) => ({ field, order: options.dateOrder?.(field.name) }))
  const add = ({ line, record }: RecordRow): void => {
    for (const name of Object.keys(record)) {
      if (!known.has(name))
        throw new TableError('unknown_column', path, `the record has a column ${JSON.stringify(name)} that the first ${firstRowsMax} rows lack`, line)
    }
    builder.add(typed(path, line, record, readers))
  }
  for (const row of first) add(row)
  return { add, build: () => builder.build() }
}

function typed(path: string, line: number, record: SourceRecord, readers: readonly { field: Field; order: DateOrder | undefined }[]): SourceRecord {
  const out: Record<string, SourceValue> = {}
  for (const { field, order } of readers) {
    const read = parseValue(record[field.name] ?? null, field.type, order)
    if (!read.ok)
      throw new TableError('bad_value', path, `column ${JSON.stringify(field.name)}: expected ${read.expected}; mend the value, or declare another type`, line)
    out[field.name] = read.value
  }
  return out
}

/** JSON and Parquet know numbers and truth values by themselves. */
function naturalType(first: readonly RecordRow[], column: string): FieldType {
  const kinds = new Set(first.flatMap(({ record }) => (record[column] === null || record[column] === undefined ? [] : [typeof record[column]])))
  if (kinds.size !== 1) return 'string'
  return kinds.has('number') ? 'number' : kinds.has('boolean') ? 'boolean' : 'string'
}
