import type { Delimiter } from './csv-delimiter.ts'
import type { SourceValue } from './value.ts'

export interface CsvWriterOptions {
  readonly delimiter?: Delimiter
  readonly newline?: '\r\n' | '\n'
  /**
   * Spreadsheets run cells that begin with = + - @ tab or CR as formulas, so such cells get an apostrophe in front. Plain numbers stay.
   * Only to be turned off where no spreadsheet will ever open the file: the apostrophe changes the value.
   */
  readonly formulaGuard?: boolean
}

export interface CsvWriter {
  /** One row with its line end. */
  row(values: readonly SourceValue[]): string
}

/** The wide forms of = + - @ are folded to the narrow ones by some spreadsheets. */
const formulaStart = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
const plainNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

export function csvWriter(options: CsvWriterOptions = {}): CsvWriter {
  const delimiter = options.delimiter ?? ','
  const newline = options.newline ?? '\r\n'
  const guard = options.formulaGuard ?? true
  // Outer space and a leading byte order mark are lost by lenient readers unless they stand within quotes.
  const needsQuotes = new RegExp(`[\\r\\n"${delimiter}]|^[\\s\\uFEFF]|\\s$`)

  const cell = (value: SourceValue): string => {
    let text = value === null ? '' : String(value)
    if (guard && formulaStart.test(text) && !plainNumber.test(text)) text = `'${text}`
    return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }

  return {
    row(values) {
      // A row of one empty cell would be an empty line, which is no row.
      if (values.length === 1 && (values[0] === null || values[0] === '')) return `""${newline}`
      return values.map(cell).join(delimiter) + newline
    },
  }
}
