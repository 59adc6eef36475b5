/**
 * Parquet through hyparquet, an optional peer: whoever reads CSV and JSON only does not need it. The file is read one row group at
 * a time, by columns as it is written, and gives the same rows and faults as every other reader here. What CSV writes as text is text here too: dates and times
 * become ISO 8601, whole numbers beyond 2^53 keep all their digits.
 */
import { type Cells, nestedValue } from './cell-reader.ts'
import { forbiddenColumn, type RecordRow } from './json-record.ts'
import type { Fault } from './push-parser.ts'
import type { SourceValue } from './value.ts'

/** A file that can be read in places. `slice` gives the bytes from `start` up to but not including `end`. */
export interface RandomAccessFile {
  readonly byteLength: number
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>
}

interface Metadata {
  readonly row_groups: readonly { readonly num_rows: bigint }[]
}

/** The part of hyparquet that is used; `import * as hyparquet from 'hyparquet'` fits. */
export interface ParquetModule {
  parquetMetadataAsync(file: RandomAccessFile): Promise<Metadata>
  parquetSchema(metadata: never): { readonly children: readonly { readonly element: { readonly name: string } }[] }
  parquetRead(options: never): Promise<void>
}

/** The file is no Parquet, is cut off, or uses what cannot be read. Says what to do about it. */
export class ParquetError extends Error {
  override readonly name = 'ParquetError'
  readonly code: 'parquet_not_installed' | 'parquet_unreadable'

  constructor(code: ParquetError['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** @throws ParquetError when the package hyparquet is not installed */
export async function loadParquet(): Promise<ParquetModule> {
  try {
    return (await import('hyparquet')) as unknown as ParquetModule
  } catch (cause) {
    throw new ParquetError(
      'parquet_not_installed',
      'Parquet is read by the package hyparquet, which is not installed; add it with "npm install hyparquet"',
      cause,
    )
  }
}

export interface ParquetFile {
  readonly columns: readonly string[]
  readonly rowCount: number
  /** The row groups in the file's order; with a bound so many at most, evenly from all over the file. */
  groups(groupsMax?: number): AsyncGenerator<ParquetGroup, void, undefined>
  /** Records in the file's order; `line` is the ordinal of the record, since Parquet has no lines. */
  rows(): AsyncGenerator<RecordRow | Fault, void, undefined>
}

export interface ParquetGroup {
  /** The place of its first row in the file, from 0. */
  readonly rowStart: number
  readonly rowCount: number
  cells(column: string): Cells
}

/** @throws ParquetError when the file's footer cannot be read */
export async function openParquet(file: RandomAccessFile, parquet: ParquetModule): Promise<ParquetFile> {
  const metadata = await reading(() => parquet.parquetMetadataAsync(file))
  const columns = parquet.parquetSchema(metadata as never).children.map((child) => child.element.name)
  if (columns.includes(forbiddenColumn)) throw new ParquetError('parquet_unreadable', `a column cannot be named ${forbiddenColumn}`)
  let rowsBefore = 0
  const places = metadata.row_groups.map((group) => {
    const place = { rowStart: rowsBefore, rowCount: Number(group.num_rows) }
    rowsBefore += place.rowCount
    return place
  })

  async function* groups(groupsMax = places.length): AsyncGenerator<ParquetGroup, void, undefined> {
    const step = Math.max(1, places.length / groupsMax)
    for (let at = 0; at < places.length; at += step) {
      const { rowStart, rowCount } = places[Math.floor(at)] as (typeof places)[number]
      const pages = new Map<string, Page[]>(columns.map((column) => [column, []]))
      const onChunk = ({ columnName, columnData }: { columnName: string; columnData: Page }) => void pages.get(columnName)?.push(columnData)
      const options = { file, metadata, rowStart, rowEnd: rowStart + rowCount, parsers, onChunk }
      await reading(() => parquet.parquetRead(options as never))
      yield { rowStart, rowCount, cells: (column) => cellsOf(pages.get(column) ?? [], rowCount) }
    }
  }

  return {
    columns,
    rowCount: rowsBefore,
    groups,
    async *rows() {
      for await (const { rowStart, rowCount, cells } of groups()) {
        const byColumn = columns.map((column) => [column, cells(column)] as const)
        for (let row = 0; row < rowCount; row++) yield flat(byColumn, row, rowStart + row + 1)
      }
    },
  }
}

async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    // The library's words may quote bytes of the file.
    throw unreadable(cause)
  }
}

function unreadable(cause?: unknown): ParquetError {
  return new ParquetError('parquet_unreadable', 'the file cannot be read as Parquet: it is damaged, cut off, or compressed by other means than Snappy', cause)
}

const parsers = {
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
  timestampFromMilliseconds: (millis: bigint) => instantText(BigInt(millis) * 1_000_000n),
  timestampFromMicroseconds: (micros: bigint) => instantText(BigInt(micros) * 1_000n),
  timestampFromNanoseconds: (nanos: bigint) => instantText(BigInt(nanos)),
}

/** RFC 3339 in UTC with as many digits as the value has, at least three. */
function instantText(nanos: bigint): string {
  const below = ((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n
  const text = new Date(Number((nanos - below) / 1_000_000n)).toISOString()
  const digits = String(below).padStart(6, '0').replace(/0+$/, '')
  return `${text.slice(0, -1)}${digits}Z`
}

function flat(columns: readonly (readonly [string, Cells])[], row: number, line: number): RecordRow | Fault {
  const record: Record<string, SourceValue> = {}
  for (const [field, cells] of columns) {
    const value = cells[row]
    if (value === undefined) return { fault: 'nested_value', row: line, line, field, message: nestedValue }
    record[field] = value
  }
  return { line, record }
}

type Page = ArrayLike<unknown>

/** A column that has no other cells than ours is handed on as it is. */
function cellsOf(pages: readonly Page[], rowCount: number): Cells {
  const [first = []] = pages
  const cells = pages.length < 2 ? first : ([] as unknown[]).concat(...pages.map((page) => (Array.isArray(page) ? page : Array.from(page))))
  if (cells.length !== rowCount) throw unreadable()
  return isCells(cells) ? cells : Array.from(cells, scalar)
}

function isCells(cells: Page): cells is Cells {
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row]
    if (typeof cell === 'number' ? !(Math.abs(cell) < Number.POSITIVE_INFINITY) : typeof cell !== 'string' && typeof cell !== 'boolean' && cell !== null)
      return false
  }
  return true
}

function scalar(value: unknown): SourceValue | undefined {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined
}
