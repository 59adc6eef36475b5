/** A file that cannot be read as a table, or not be written. */
export type TableFault =
  | 'no_such_file'
  | 'unreadable_file'
  | 'unwritable_file'
  | 'empty_file'
  | 'no_rows'
  | 'unknown_format'
  | 'unknown_column'
  | 'would_overwrite'
  | 'parquet_not_installed'
  | (string & {})

/** Says which file and where in it, and how to mend it; never a value of the file. */
export class TableError extends Error {
  override readonly name = 'TableError'
  readonly code: TableFault
  readonly path: string
  readonly line: number | undefined

  constructor(code: TableFault, path: string, message: string, line?: number, options?: ErrorOptions) {
    super(line === undefined ? `${path}: ${message}` : `${path}, line ${line}: ${message}`, options)
    this.code = code
    this.path = path
    this.line = line
  }
}
