/**
 * Parquet through hyparquet, an optional peer: whoever reads CSV and JSON only does not need it. The file is read one row group at
 * a time and gives the same rows and faults as every other reader here. What CSV writes as text is text here too: dates and times
 * become ISO 8601, whole numbers beyond 2^53 keep all their digits.
 */
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
  parquetReadObjects(options: never): Promise<Record<string, unknown>[]>
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
  /** Records in the file's order; `line` is the ordinal of the record, since Parquet has no lines. */
  rows(): AsyncGenerator<RecordRow | Fault, void, undefined>
}

/** @throws ParquetError when the file's footer cannot be read */
export async function openParquet(file: RandomAccessFile, parquet: ParquetModule): Promise<ParquetFile> {
  const metadata = await reading(() => parquet.parquetMetadataAsync(file))
  const columns = parquet.parquetSchema(metadata as never).children.map((child) => child.element.name)
  if (columns.includes(forbiddenColumn)) throw new ParquetError('parquet_unreadable', `a column cannot be named ${forbiddenColumn}`)
  const groups = metadata.row_groups.map((group) => Number(group.num_rows))
  return {
    columns,
    rowCount: groups.reduce((sum, rows) => sum + rows, 0),
    async *rows() {
      let rowStart = 0
      for (const rows of groups) {
        const options = { file, metadata, rowStart, rowEnd: rowStart + rows, parsers }
        const records = await reading(() => parquet.parquetReadObjects(options as never))
        for (const [index, record] of records.entries()) yield flat(record, columns, rowStart + index + 1)
        rowStart += rows
      }
    },
  }
}

async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    // The library's words may quote bytes of the file.
    throw new ParquetError('parquet_unreadable', 'the file cannot be read as Parquet: it is damaged, cut off, or compressed by other means than Snappy', cause)
  }
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

function flat(source: Readonly<Record<string, unknown>>, columns: readonly string[], line: number): RecordRow | Fault {
  const record: Record<string, SourceValue> = {}
  for (const field of columns) {
    const value = scalar(source[field])
    if (value === undefined)
      return { fault: 'nested_value', row: line, line, field, message: 'a value is text, a number, true, false or null; flatten lists and structures first' }
    record[field] = value
  }
  return { line, record }
}

function scalar(value: unknown): SourceValue | undefined {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined
}
