/** The second way through a file: rows into typed chunks. A row that does not fit its types is left out and counted, with the reason. */
import { type Cells, cellReader, nestedValue } from '@gatehouse/tabular/cell-reader'
import { type Column, type Dataset, missingCode } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import type { Fault } from '@gatehouse/tabular/push-parser'
import { keepRows } from '@gatehouse/tabular/rows'
import type { DateOrder } from '@gatehouse/tabular/value'
import { rowsPerChunk } from '../connectors/connector.ts'
import { limits, type Upload } from '../schema.ts'
import type { Batch } from './rows.ts'

export interface FileColumn {
  /** As the file writes it. */
  readonly column: string
  readonly field: Field
  readonly date_order?: DateOrder | undefined
}

export interface Conversion {
  readonly chunks: AsyncIterable<Dataset>
  /** Once the chunks are through. */
  told(): { readonly rows: number; readonly bad_rows: number; readonly faults: Upload['faults']; readonly missing: ReadonlyMap<string, number> }
}

export function convert(columns: readonly FileColumn[], batches: AsyncIterable<Batch>): Conversion {
  const fields = columns.map(({ field }) => field)
  const missing = columns.map(() => 0)
  const faults = new Map<string, Upload['faults'][number]>()
  let good = 0
  let bad = 0

  function refuse({ fault, line, message, field: named }: Fault): void {
    const field = named ?? null
    bad++
    const key = `${fault}\0${field}`
    const seen = faults.get(key)
    if (seen !== undefined) seen.rows++
    else if (faults.size < limits.faultsTold) faults.set(key, { fault, field, rows: 1, line, message })
  }

  const readers = columns.map(({ field, date_order }) => cellReader(field, rowsPerChunk, date_order))
  /** 1 for a row of the chunk that stays. */
  const stays = new Uint8Array(rowsPerChunk).fill(1)
  let held = 0

  /** Reads rows of the batch as the chunk's next ones. A row counts once, by the first of its columns that does not fit. */
  function read(batch: Batch, cells: readonly Cells[], from: number, count: number): void {
    for (const [index, { column }] of columns.entries()) {
      readers[index]?.read(cells[index] as Cells, from, count, held, (at, expected) => {
        if (stays[held + at] === 0) return
        stays[held + at] = 0
        const line = batch.line(from + at)
        refuse(
          expected === undefined
            ? { fault: 'nested_value', line, field: column, message: nestedValue }
            : { fault: 'bad_value', line, field: column, message: `expected ${expected}` },
        )
      })
    }
    held += count
  }

  function taken(): Dataset {
    const read = { rowCount: held, columns: readers.map((reader) => reader.take(held)) }
    const chunk = keepRows(read, stays.subarray(0, held))
    for (const [index, column] of chunk.columns.entries()) missing[index] = (missing[index] as number) + missingIn(column)
    good += chunk.rowCount
    stays.fill(1)
    held = 0
    return chunk
  }

  async function* chunks(): AsyncGenerator<Dataset, void, undefined> {
    for await (const batch of batches) {
      for (const fault of batch.faults) refuse(fault)
      const cells = columns.map(({ column }) => batch.cells(column))
      for (let from = 0; from < batch.rowCount; ) {
        const count = Math.min(rowsPerChunk - held, batch.rowCount - from)
        read(batch, cells, from, count)
        from += count
        if (held === rowsPerChunk) yield taken()
      }
    }
    if (held > 0) yield taken()
  }

  return {
    chunks: chunks(),
    told: () => ({
      rows: good,
      bad_rows: bad,
      faults: [...faults.values()].sort((one, other) => one.line - other.line),
      missing: new Map(fields.map(({ name }, index) => [name, good === 0 ? 0 : (missing[index] as number) / good])),
    }),
  }
}

function missingIn(column: Column): number {
  let missing = 0
  if (column.kind === 'number') for (const value of column.values) missing += Number.isNaN(value) ? 1 : 0
  else for (const code of column.codes) missing += code === missingCode ? 1 : 0
  return missing
}
