/** Rows of a dataset taken out, put together and cut into chunks. A value that no row has is in no dictionary that comes out. */
import { type Column, type Dataset, type DictionaryColumn, missingCode, type NumberColumn } from './dataset.ts'

/** The rows in the given order. */
export function takeRows(dataset: Dataset, rows: Int32Array): Dataset {
  return { rowCount: rows.length, columns: dataset.columns.map((column) => takeFrom(column, rows)) }
}

function takeFrom(column: Column, rows: Int32Array): Column {
  if (column.kind === 'dictionary') {
    const codes = new Int32Array(rows.length)
    for (let at = 0; at < rows.length; at++) codes[at] = column.codes[rows[at] as number] as number
    return withUsedEntries({ ...column, codes })
  }
  const values = new Float64Array(rows.length)
  for (let at = 0; at < rows.length; at++) values[at] = column.values[rows[at] as number] as number
  return { ...column, values }
}

/** The rows whose place in the mask is not 0. The dataset itself where all are. */
export function keepRows(dataset: Dataset, mask: Uint8Array): Dataset {
  const rows = rowsIn(mask)
  return rows.length === dataset.rowCount ? dataset : takeRows(dataset, rows)
}

export function rowsIn(mask: Uint8Array): Int32Array {
  const rows = new Int32Array(countIn(mask))
  let at = 0
  for (let row = 0; row < mask.length; row++) if (mask[row] !== 0) rows[at++] = row
  return rows
}

/** @param mask of 0 and 1 */
export function countIn(mask: Uint8Array): number {
  let count = 0
  for (let row = 0; row < mask.length; row++) count += mask[row] as number
  return count
}

/** The same column with only those entries that a row points to, in order of first appearance. */
export function withUsedEntries(column: DictionaryColumn): DictionaryColumn {
  const moved = new Int32Array(column.dictionary.length).fill(missingCode)
  const dictionary: string[] = []
  const codes = new Int32Array(column.codes.length)
  for (let row = 0; row < codes.length; row++) {
    const code = column.codes[row] as number
    if (code === missingCode) {
      codes[row] = missingCode
      continue
    }
    if (moved[code] === missingCode) moved[code] = dictionary.push(column.dictionary[code] as string) - 1
    codes[row] = moved[code] as number
  }
  return { ...column, codes, dictionary }
}

/** Chunks of one table as one. @throws RangeError where they have other columns than the first */
export function joinChunks(chunks: readonly Dataset[]): Dataset {
  const [first, ...others] = chunks
  if (first === undefined) return { rowCount: 0, columns: [] }
  if (others.length === 0) return first
  const rowCount = chunks.reduce((rows, chunk) => rows + chunk.rowCount, 0)
  return {
    rowCount,
    columns: first.columns.map((column, at) => {
      const parts = chunks.map((chunk) => chunk.columns[at])
      if (parts.some((part) => part?.kind !== column.kind || part.field.name !== column.field.name))
        throw new RangeError('chunks of one table have the same columns')
      return column.kind === 'number' ? joinNumbers(column, parts as NumberColumn[], rowCount) : joinTexts(column, parts as DictionaryColumn[], rowCount)
    }),
  }
}

function joinNumbers(column: NumberColumn, parts: readonly NumberColumn[], rowCount: number): NumberColumn {
  const values = new Float64Array(rowCount)
  let at = 0
  for (const part of parts) {
    values.set(part.values, at)
    at += part.values.length
  }
  return { ...column, values }
}

function joinTexts(column: DictionaryColumn, parts: readonly DictionaryColumn[], rowCount: number): DictionaryColumn {
  const codes = new Int32Array(rowCount)
  const codeOf = new Map<string, number>()
  let at = 0
  for (const part of parts) {
    const moved = Int32Array.from(part.dictionary, (entry) => {
      const code = codeOf.get(entry) ?? codeOf.size
      if (code === codeOf.size) codeOf.set(entry, code)
      return code
    })
    for (let row = 0; row < part.codes.length; row++) {
      const code = part.codes[row] as number
      codes[at++] = code === missingCode ? missingCode : (moved[code] as number)
    }
  }
  return { ...column, codes, dictionary: [...codeOf.keys()] }
}

/** The dataset in pieces of at most `size` rows. */
export function* chunksOf(dataset: Dataset, size: number): Generator<Dataset, void, undefined> {
  if (dataset.rowCount <= size) {
    if (dataset.rowCount > 0) yield dataset
    return
  }
  for (let from = 0; from < dataset.rowCount; from += size) {
    const to = Math.min(dataset.rowCount, from + size)
    yield {
      rowCount: to - from,
      columns: dataset.columns.map((column) =>
        column.kind === 'number'
          ? { ...column, values: column.values.subarray(from, to) }
          : withUsedEntries({ ...column, codes: column.codes.subarray(from, to) }),
      ),
    }
  }
}
