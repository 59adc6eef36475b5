/** The first way through a file: which columns there are, and a sample of rows, evenly over all of it, to propose types from. */
import { type Fault, isFault } from '@gatehouse/tabular/push-parser'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { limits } from '../schema.ts'
import { FileError, type Row } from './rows.ts'

export interface Survey {
  add(item: Row | Fault): void
  /** @param header names of columns that the file tells by itself */
  done(header: readonly string[] | undefined): Surveyed
}

export interface Surveyed {
  readonly columns: readonly string[]
  readonly sample: readonly SourceRecord[]
  readonly rows: number
}

export function survey(): Survey {
  const columns = new Set<string>()
  let sample: SourceRecord[] = []
  let step = 1
  let rows = 0
  return {
    add(item) {
      if (isFault(item)) {
        if (item.fault === 'bad_header' || item.fault === 'not_an_array') throw new FileError(item.message)
        return
      }
      if (rows++ % step === 0) sample.push(item.record)
      if (sample.length === limits.sampleRows) {
        // Every other one goes, and from now on only every other one comes.
        sample = sample.filter((_, index) => index % 2 === 0)
        step *= 2
      }
      for (const column in item.record) {
        if (columns.has(column)) continue
        columns.add(column)
        if (columns.size > limits.columnsPerTable) throw new FileError(`a table has at most ${limits.columnsPerTable} columns`)
      }
      if (rows > limits.uploadRowsMax) throw new FileError(`a table has at most ${limits.uploadRowsMax} rows`)
    },
    done(header) {
      const names = [...new Set([...(header ?? []), ...columns])]
      if (names.length === 0) throw new FileError('the file has no row from which columns could be told')
      return { columns: names, sample, rows }
    },
  }
}
