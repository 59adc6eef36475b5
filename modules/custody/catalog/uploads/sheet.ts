/**
 * A sheet of a spreadsheet (Office Open XML). Formulas are never computed: the value that stands beside one is read. What the file unpacks
 * to is added up before anything is unpacked, for a small file can hold a mountain.
 */
import type { RecordRow } from '@gatehouse/tabular/json-record'
import { type Fault, isFault } from '@gatehouse/tabular/push-parser'
import type { SourceValue } from '@gatehouse/tabular/value'
import { type Batch, batchOf, FileError, type Rows } from './rows.ts'
import { guardSheet } from './sheet-guard.ts'
import type { Spool } from './spool.ts'

const packedBytesMax = 128 * 1024 ** 2
const forbidden = '__proto__'

type Cell = string | number | boolean | Date | null

export async function sheetRows(file: Spool, sheet: string | undefined): Promise<Rows> {
  const bytes = await file.whole(packedBytesMax).catch(() => {
    throw new FileError(`a spreadsheet has at most ${packedBytesMax} bytes; save a larger one as CSV`)
  })
  guardSheet(bytes)
  const [header, ...cells] = await cellsOf(bytes, sheet)
  if (header === undefined) throw new FileError('the sheet is empty')
  const columns = header.map((cell) => (cell === null ? '' : String(cell).trim()))
  while (columns.at(-1) === '') columns.pop()
  const wrong = columns.findIndex((name, index) => name === '' || name === forbidden || columns.indexOf(name) !== index)
  if (columns.length === 0 || wrong >= 0) throw new FileError(`the header cannot be read: column ${wrong + 1} has no name, or the name of another`)
  return { columns: () => columns, batches: batchesOf(columns, cells) }
}

async function cellsOf(bytes: Uint8Array, sheet: string | undefined): Promise<readonly (readonly Cell[])[]> {
  const { default: readSheets } = await import('read-excel-file/universal')
  try {
    const sheets = (await readSheets(bytes.slice().buffer)) as { sheet: string; data: Cell[][] }[]
    const found = sheet === undefined ? sheets[0] : sheets.find(({ sheet: name }) => name === sheet)
    if (found === undefined) throw new FileError('the file has no such sheet')
    return found.data
  } catch (error) {
    if (error instanceof FileError) throw error
    // The library's words may quote the file.
    throw new FileError('the file cannot be read as a spreadsheet (xlsx)')
  }
}

async function* batchesOf(columns: readonly string[], cells: readonly (readonly Cell[])[]): AsyncGenerator<Batch, void, undefined> {
  yield batchOf(cells.flatMap((row, index) => (row.every((cell) => cell === null) ? [] : [rowOf(columns, row, index + 2)])))
}

function rowOf(columns: readonly string[], row: readonly Cell[], line: number): RecordRow | Fault {
  if (row.slice(columns.length).some((cell) => cell !== null))
    return { fault: 'wrong_column_count', line, message: `the row has more than ${columns.length} values` }
  const record: Record<string, SourceValue> = {}
  for (const [index, column] of columns.entries()) {
    const value = scalar(row[index] ?? null)
    if (typeof value === 'object' && value !== null && isFault(value)) return { ...value, line, field: column }
    record[column] = value as SourceValue
  }
  return { line, record }
}

/** A day is a day; a time is read as UTC, for a spreadsheet has no zones. */
function scalar(cell: Cell): SourceValue | Fault {
  if (!(cell instanceof Date)) return typeof cell === 'string' && cell === '' ? null : cell
  if (Number.isNaN(cell.getTime())) return { fault: 'bad_value', line: 0, message: 'expected a date of the calendar' }
  const text = cell.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text
}
