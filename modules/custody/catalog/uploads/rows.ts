/** What every format of files gives. */
import type { Fault } from '@gatehouse/tabular/push-parser'
import type { SourceRecord } from '@gatehouse/tabular/value'

export interface Row {
  readonly line: number
  readonly record: SourceRecord
}

export interface Rows {
  /** As the file's header names them, where it has one. */
  readonly columns: () => readonly string[] | undefined
  readonly rows: AsyncIterable<Row | Fault>
}

/** The file is no table of its format. The message never repeats what stands in it. */
export class FileError extends Error {
  override readonly name = 'FileError'
}
