/** From the bytes of a file to its rows, one format like the other. */
import type { RecordRow } from '@gatehouse/tabular/json-record'
import { loadParquet, openParquet, ParquetError, type ParquetFile } from '@gatehouse/tabular/parquet'
import { parseChunks } from '@gatehouse/tabular/push-parser'
import { formatOfText, recordReader } from '@gatehouse/tabular/reader'
import { ConnectorError } from '../connectors/connector.ts'
import { limits, type UploadFormat } from '../schema.ts'
import { type Batch, batchOf, FileError, type Rows, tooManyRows } from './rows.ts'
import { sheetRows } from './sheet.ts'
import type { Spool } from './spool.ts'

const parquetMark = 'PAR1'
const zipMark = 'PK\u0003\u0004'

/** Told by the first bytes, for a name can be anything. */
export function formatOfBytes(head: Uint8Array): UploadFormat {
  const text = Buffer.from(head.subarray(0, 4)).toString('latin1')
  if (text === parquetMark) return 'parquet'
  if (text === zipMark) return 'xlsx'
  return formatOfText(Buffer.from(head).toString('utf8')) ?? 'csv'
}

/** May be called again: each time the rows come from the beginning. @throws FileError, also from the rows */
export async function rowsOf(file: Spool, format: UploadFormat, sheet: string | undefined): Promise<Rows> {
  if (format === 'xlsx') return sheetRows(file, sheet)
  if (format === 'parquet') return parquetRows(file)
  const reader = recordReader({ format })
  return { columns: () => reader.columns, batches: recordBatches(parseChunks(reader, await file.read())) }
}

async function* recordBatches(chunks: ReturnType<typeof parseChunks<RecordRow>>): AsyncGenerator<Batch, void, undefined> {
  for await (const items of chunks) yield batchOf(items)
}

async function parquetRows(file: Spool): Promise<Rows> {
  try {
    const buffer = {
      byteLength: file.bytes,
      slice: async (start: number, end = file.bytes) => {
        const bytes = await file.slice(start < 0 ? file.bytes + start : start, end < 0 ? file.bytes + end : end)
        return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
      },
    }
    const opened = await openParquet(buffer, await loadParquet())
    if (opened.rowCount > limits.uploadRowsMax) throw tooManyRows()
    return { columns: () => opened.columns, batches: groupBatches(opened), sampled: groupBatches(opened, limits.sampleGroups) }
  } catch (error) {
    throw inOurWords(error)
  }
}

async function* groupBatches(file: ParquetFile, groupsMax?: number): AsyncGenerator<Batch, void, undefined> {
  try {
    for await (const { rowStart, rowCount, cells } of file.groups(groupsMax))
      yield { rowCount, columns: file.columns, cells, line: (row) => rowStart + row + 1, faults: [] }
  } catch (error) {
    throw inOurWords(error)
  }
}

function inOurWords(error: unknown): unknown {
  if (!(error instanceof ParquetError)) return error
  return error.code === 'parquet_not_installed' ? new ConnectorError('not_installed', error.message) : new FileError(error.message)
}
