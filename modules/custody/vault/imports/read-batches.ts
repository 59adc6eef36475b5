/** The file of an import as batches of typed rows. It is read as it arrives: memory holds one chunk and one batch. */
import { type FieldProblem, Problem } from '@gatehouse/core/problem'
import { checkColumns, type MappedRow, type Mapping, rowMapper } from '@gatehouse/tabular/mapping'
import { type Fault, isFault } from '@gatehouse/tabular/push-parser'
import { type Format, type RecordReader, recordReader } from '@gatehouse/tabular/reader'
import { isUserId } from '../../../subjects/index.ts'
import { problems } from '../problems.ts'
import { batchBytesMax, batchRowsMax, type Reject } from '../schema.ts'

export interface Batch {
  readonly rows: readonly MappedRow[]
  readonly rejects: readonly Reject[]
  /** Bytes of the file that were read for it. */
  readonly bytes: number
}

/** A caller inside the process may hand over a whole file as one chunk; rows of it must not all be in memory at once. */
const sliceBytes = 65_536

/** @throws Problem header_mismatch before the first row of a file that does not have the columns of its mapping */
export async function* readBatches(body: AsyncIterable<Uint8Array>, mapping: Mapping, format: Format | undefined): AsyncGenerator<Batch, void, undefined> {
  const reader = recordReader(format === undefined ? {} : { format })
  const mapRow = rowMapper(mapping)
  const known = new Set([mapping.subject, ...Object.keys(mapping.fields)])
  let rows: MappedRow[] = []
  let rejects: Reject[] = []
  let bytes = 0
  let headerSeen = false

  const take = (items: ReturnType<RecordReader['push']>): void => {
    if (!headerSeen && reader.columns !== undefined) {
      headerSeen = true
      checkHeader(mapping, reader.columns)
    }
    for (const item of items) {
      if (isFault(item) && item.fault === 'bad_header' && reader.format === 'csv') throw new Problem(problems.header_mismatch, item.message)
      const row = isFault(item) ? item : mapRow(item)
      if (isFault(row)) rejects.push(rejectOf(row, known))
      else if (!isUserId(row.subject)) rejects.push({ line: row.line, column: mapping.subject, message: 'the subject column holds control characters' })
      else rows.push(row)
    }
  }
  const full = () => rows.length >= batchRowsMax || rejects.length >= batchRowsMax || bytes >= batchBytesMax
  /** A slice may end in more rows than a batch takes; what is over begins the next one. */
  const cut = (): Batch => {
    const batch = { rows: rows.slice(0, batchRowsMax), rejects, bytes }
    rows = rows.slice(batchRowsMax)
    rejects = []
    bytes = 0
    return batch
  }

  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      const slice = chunk.subarray(at, at + sliceBytes)
      bytes += slice.length
      take(reader.push(slice))
      while (full()) yield cut()
    }
  }
  take(reader.end())
  while (rows.length > 0 || rejects.length > 0 || bytes > 0) yield cut()
}

/**
 * Names of columns that the mapping does not have may be anybody's values, where a file has no header: they are told by number.
 */
function checkHeader(mapping: Mapping, columns: readonly string[]): void {
  const missing = checkColumns(mapping, [...columns, ...(mapping.drop ?? [])]).filter(({ detail }) => detail === 'the file has no such column')
  const known = new Set([mapping.subject, ...Object.keys(mapping.fields), ...(mapping.drop ?? [])])
  const unknown: FieldProblem[] = columns.flatMap((column, index) =>
    known.has(column) ? [] : [{ pointer: '/fields', detail: `column ${index + 1} of the file’s header is neither mapped nor dropped` }],
  )
  const errors = [...missing, ...unknown]
  if (errors.length > 0) throw new Problem(problems.header_mismatch, undefined, { errors: errors.slice(0, 100) })
}

function rejectOf(fault: Fault, known: ReadonlySet<string>): Reject {
  const named = fault.field !== undefined && known.has(fault.field)
  return { line: fault.line, ...(named ? { column: fault.field } : {}), message: fault.message }
}
