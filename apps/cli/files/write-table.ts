/** A table as the bytes of a file, in the format that the file's name tells. */
import { type Column, type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import { formatOfName } from '@gatehouse/tabular/reader'
import { recordWriter } from '@gatehouse/tabular/writer'
import { TableError } from './table-error.ts'
import type { FileContent } from './write-files.ts'

const rowsPerPiece = 2_000

/** @throws TableError when the ending tells no format, or Parquet is asked for and cannot be written here */
export async function tableContent(path: string, dataset: Dataset, formulaGuard: boolean): Promise<FileContent> {
  if (/\.parquet$/i.test(path)) return [await parquetBytes(path, dataset)]
  return textPieces(dataset, requireFormat(path), formulaGuard)
}

/** @throws TableError when the ending tells no format */
export function requireFormat(path: string): 'csv' | 'ndjson' | 'json' | 'parquet' {
  const format = /\.parquet$/i.test(path) ? 'parquet' : formatOfName(path)
  if (format !== undefined && !/\.gz$/i.test(path)) return format
  throw new TableError('unknown_format', path, 'the ending tells the format: .csv, .ndjson, .json or .parquet')
}

function* textPieces(dataset: Dataset, format: 'csv' | 'ndjson' | 'json' | 'parquet', formulaGuard: boolean): Generator<string> {
  const { columns, rowCount } = dataset
  const names = columns.map(({ field }) => field.name)
  const writer = recordWriter(format === 'parquet' ? 'csv' : format, names, { delimiter: ',', newline: '\n', formulaGuard })
  yield writer.begin()
  for (let from = 0; from < rowCount; from += rowsPerPiece) {
    let piece = ''
    for (let row = from; row < Math.min(rowCount, from + rowsPerPiece); row++) piece += writer.row(columns.map((column) => valueAt(column, row)))
    yield piece
  }
  yield writer.end()
}

async function parquetBytes(path: string, { columns, rowCount }: Dataset): Promise<Uint8Array> {
  const writer = await import('hyparquet-writer').catch((cause: unknown) => {
    throw new TableError(
      'parquet_not_installed',
      path,
      'Parquet is written by the package hyparquet-writer, which is not installed; add it, or write CSV',
      undefined,
      { cause },
    )
  })
  const data = columns.map((column) => ({
    name: column.field.name,
    type: parquetType(column),
    data: Array.from({ length: rowCount }, (_, row) => valueAt(column, row)),
    nullable: true,
  }))
  return new Uint8Array(writer.parquetWriteBuffer({ columnData: data }))
}

function parquetType(column: Column): 'DOUBLE' | 'BOOLEAN' | 'STRING' {
  if (column.kind === 'number') return 'DOUBLE'
  return column.field.type === 'boolean' ? 'BOOLEAN' : 'STRING'
}
