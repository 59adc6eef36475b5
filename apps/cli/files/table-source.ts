/** A file of records as a stream of rows, whatever its format, telling how far it has been read. */
import { createReadStream } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { RecordRow } from '@gatehouse/tabular/json-record'
import { loadParquet, openParquet, ParquetError } from '@gatehouse/tabular/parquet'
import { type Fault, parseStream } from '@gatehouse/tabular/push-parser'
import { formatOfName, recordReader } from '@gatehouse/tabular/reader'
import { TableError } from './table-error.ts'

export interface TableSource {
  readonly format: 'csv' | 'ndjson' | 'json' | 'parquet'
  /** What `done` reaches at the end: bytes, or rows where the format tells them. */
  readonly total: number
  done(): number
  rows(): AsyncGenerator<RecordRow | Fault, void, undefined>
  /** The columns, once the first row has been read, where the format lists them. */
  columns(): readonly string[] | undefined
  close(): Promise<void>
}

export async function openTable(path: string): Promise<TableSource> {
  const total = await sizeOf(path)
  if (/\.parquet$/i.test(path)) return parquetSource(path, total)
  let done = 0
  const reader = recordReader({ name: basename(path) })
  return {
    get format() {
      return reader.format ?? formatOfName(path) ?? 'csv'
    },
    total,
    done: () => done,
    async *rows() {
      const stream = createReadStream(path, { highWaterMark: 1 << 20 })
      stream.on('data', (chunk) => {
        done += chunk.length
      })
      yield* parseStream(reader, stream)
    },
    columns: () => reader.columns,
    close: async () => {},
  }
}

/** Of a pipe, which has no size, 0. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT'
    throw new TableError(missing ? 'no_such_file' : 'unreadable_file', path, missing ? 'there is no such file' : 'the file cannot be read', undefined, {
      cause,
    })
  })
  if (found.isDirectory()) throw new TableError('unreadable_file', path, 'this is a folder')
  return found.size
}

async function parquetSource(path: string, byteLength: number): Promise<TableSource> {
  let handle: FileHandle | undefined
  try {
    const parquet = await loadParquet()
    const opened = await open(path)
    handle = opened
    const file = await openParquet({ byteLength, slice: (from, to = byteLength) => readPart(opened, from, to) }, parquet)
    let done = 0
    return {
      format: 'parquet',
      total: file.rowCount,
      done: () => done,
      async *rows() {
        try {
          for await (const row of file.rows()) {
            done++
            yield row
          }
        } catch (error) {
          throw tableError(path, error)
        }
      },
      columns: () => file.columns,
      close: () => opened.close(),
    }
  } catch (error) {
    await handle?.close()
    throw tableError(path, error)
  }
}

function tableError(path: string, error: unknown): unknown {
  return error instanceof ParquetError ? new TableError(error.code, path, error.message, undefined, { cause: error }) : error
}

async function readPart(handle: FileHandle, from: number, to: number): Promise<ArrayBuffer> {
  const buffer = new ArrayBuffer(Math.max(0, to - from))
  await handle.read(new Uint8Array(buffer), 0, buffer.byteLength, from)
  return buffer
}
