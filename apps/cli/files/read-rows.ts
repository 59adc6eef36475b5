/** Reads a file of records as rows, in whatever format it is, without holding it. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { RecordRow } from '@gatehouse/tabular/json-record'
import { type Fault, isFault, parseStream } from '@gatehouse/tabular/push-parser'
import { recordReader } from '@gatehouse/tabular/reader'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { unreadable } from './read-text.ts'

/** Rows from which a mapping is proposed. */
export const sampleRowsMax = 1_000

/** @throws Error naming the file when it cannot be opened */
export async function bytesOf(path: string): Promise<number> {
  try {
    const handle = await open(path)
    const found = await handle.stat()
    await handle.close()
    if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
    return found.size
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

export function readRows(path: string): AsyncGenerator<RecordRow | Fault, void, undefined> {
  return parseStream(recordReader({ name: basename(path) }), createReadStream(path))
}

/** All rows, each as `convert` reads it. @throws Error at the first that cannot be read, for files that are taken whole or not at all */
export async function everyRow<Row>(path: string, convert: (record: SourceRecord, line: number) => Row): Promise<Row[]> {
  await bytesOf(path)
  const rows: Row[] = []
  for await (const item of readRows(path)) {
    if (isFault(item)) throw new Error(`${path}, line ${item.line}: ${item.message}. Nothing was recorded.`)
    rows.push(convert(item.record, item.line))
  }
  return rows
}

/** The first rows that can be read. @throws Error when there is none */
export async function sampleOf(path: string, most = sampleRowsMax): Promise<SourceRecord[]> {
  await bytesOf(path)
  const rows: SourceRecord[] = []
  let firstFault: Fault | undefined
  for await (const item of readRows(path)) {
    if (isFault(item)) firstFault ??= item
    else rows.push(item.record)
    if (rows.length === most) break
  }
  if (rows.length === 0) {
    const why = firstFault === undefined ? 'it holds no row' : `line ${firstFault.line}: ${firstFault.message}`
    throw new Error(`No record could be read from ${path}: ${why}. A file is CSV with a header, one JSON object per line, or one JSON array of objects.`)
  }
  return rows
}
