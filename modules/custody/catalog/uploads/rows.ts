/** What every format of files gives: rows some at a time, by their columns. */
import type { Cells } from '@gatehouse/tabular/cell-reader'
import type { RecordRow } from '@gatehouse/tabular/json-record'
import { type Fault, isFault } from '@gatehouse/tabular/push-parser'
import { limits } from '../schema.ts'

export interface Batch {
  readonly rowCount: number
  /** Those that its rows have. */
  readonly columns: Iterable<string>
  cells(column: string): Cells
  /** Of the file, or the ordinal of the row where it has no lines. */
  line(row: number): number
  /** Rows that could not be read, and are none of its rows. */
  readonly faults: readonly Fault[]
}

export interface Rows {
  /** As the file's header names them, where it has one. */
  readonly columns: () => readonly string[] | undefined
  readonly batches: AsyncIterable<Batch>
  /** Enough to tell the types from, evenly over the file, where that takes less than reading all of it. */
  readonly sampled?: AsyncIterable<Batch>
}

/** The file is no table of its format. The message never repeats what stands in it. */
export class FileError extends Error {
  override readonly name = 'FileError'
}

export function tooManyRows(): FileError {
  return new FileError(`a table has at most ${limits.uploadRowsMax} rows`)
}

export function batchOf(items: readonly (RecordRow | Fault)[]): Batch {
  const faults: Fault[] = []
  const rows: RecordRow[] = []
  const columns = new Set<string>()
  for (const item of items) {
    if (isFault(item)) {
      faults.push(item)
      continue
    }
    rows.push(item)
    for (const column in item.record) columns.add(column)
  }
  return {
    rowCount: rows.length,
    columns,
    cells: (column) => rows.map(({ record }) => record[column] ?? null),
    line: (row) => rows[row]?.line ?? 0,
    faults,
  }
}
