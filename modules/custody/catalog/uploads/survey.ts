/** The first way through a file: which columns there are, and a sample of rows, evenly over all of it, to propose types from. */
import type { SourceRecord } from '@gatehouse/tabular/value'
import { limits } from '../schema.ts'
import { type Batch, FileError, tooManyRows } from './rows.ts'

export interface Survey {
  add(batch: Batch): void
  /** @param header names of columns that the file tells by itself */
  done(header: readonly string[] | undefined): Surveyed
}

export interface Surveyed {
  readonly columns: readonly string[]
  readonly sample: readonly SourceRecord[]
}

export function survey(): Survey {
  const columns = new Set<string>()
  let sample: SourceRecord[] = []
  let step = 1
  let rows = 0
  return {
    add(batch) {
      const broken = batch.faults.find(({ fault }) => fault === 'bad_header' || fault === 'not_an_array')
      if (broken !== undefined) throw new FileError(broken.message)
      for (const column of batch.columns) columns.add(column)
      if (columns.size > limits.columnsPerTable) throw new FileError(`a table has at most ${limits.columnsPerTable} columns`)
      const cells = [...batch.columns].map((column) => [column, batch.cells(column)] as const)
      // The first row from here on whose place in the file is one of every `step`.
      for (let row = (step - (rows % step)) % step; row < batch.rowCount; row += step - ((rows + row) % step)) {
        sample.push(Object.fromEntries(cells.map(([column, values]) => [column, values[row] ?? null])))
        if (sample.length < limits.sampleRows) continue
        // Every other one goes, and from now on only every other one comes.
        sample = sample.filter((_, index) => index % 2 === 0)
        step *= 2
      }
      rows += batch.rowCount
      if (rows > limits.uploadRowsMax) throw tooManyRows()
    },
    done(header) {
      const names = [...new Set([...(header ?? []), ...columns])]
      if (names.length === 0) throw new FileError('the file has no row from which columns could be told')
      return { columns: names, sample }
    },
  }
}
