/** One writer for all formats of text: rows go in, pieces of the file come out. Nothing is held back, so any count of rows can be written. */
import { type CsvWriterOptions, csvWriter } from './csv-writer.ts'
import type { Format } from './reader.ts'
import type { SourceValue } from './value.ts'

export interface RecordWriter {
  /** What stands before the first row. To be called once. */
  begin(): string
  /** @param values in the order of the columns; null where a value is missing */
  row(values: readonly SourceValue[]): string
  /** What stands after the last row. To be called once. */
  end(): string
}

export function recordWriter(format: Format, columns: readonly string[], csv: CsvWriterOptions = {}): RecordWriter {
  if (format === 'csv') return csvRecords(columns, csv)
  return format === 'ndjson' ? ndjsonRecords(columns) : jsonRecords(columns)
}

function csvRecords(columns: readonly string[], options: CsvWriterOptions): RecordWriter {
  const writer = csvWriter(options)
  return { begin: () => writer.row(columns), row: (values) => writer.row(values), end: () => '' }
}

function ndjsonRecords(columns: readonly string[]): RecordWriter {
  const object = objectText(columns)
  return { begin: () => '', row: (values) => `${object(values)}\n`, end: () => '' }
}

/** One array with one record per line, so that it can be read by people and compared line by line. */
function jsonRecords(columns: readonly string[]): RecordWriter {
  const object = objectText(columns)
  let separator = '\n'
  return {
    begin: () => '[',
    row(values) {
      const text = separator + object(values)
      separator = ',\n'
      return text
    },
    end: () => '\n]\n',
  }
}

function objectText(columns: readonly string[]): (values: readonly SourceValue[]) => string {
  const names = columns.map((column) => `${JSON.stringify(column)}:`)
  return (values) => `{${names.map((name, index) => name + valueText(values[index] ?? null)).join(',')}}`
}

/** JSON has no NaN and no infinity, and writing null for them would hide a fault of whoever made the row. */
function valueText(value: SourceValue): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON has no way to write a number that is not finite')
  return JSON.stringify(value)
}
