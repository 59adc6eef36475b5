/** The formats that a result leaves in. */
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import type { FileMetadata } from '../metadata.ts'
import { csvZip } from './csv-zip.ts'
import { parquetBytes, parquetWriter } from './parquet.ts'
import { csvText, jsonText, ndjsonText } from './text.ts'

export type Format = QueryPlan['output']['formats'][number]

export const fileTypes = {
  csv: { mediaType: 'application/zip', ending: 'csv.zip' },
  json: { mediaType: 'application/json', ending: 'json' },
  ndjson: { mediaType: 'application/x-ndjson', ending: 'ndjson' },
  parquet: { mediaType: 'application/vnd.apache.parquet', ending: 'parquet' },
} as const satisfies Readonly<Record<Format, { readonly mediaType: string; readonly ending: string }>>

export const installed = async (format: Format): Promise<boolean> => format !== 'parquet' || (await parquetWriter()) !== undefined

export interface FileParts {
  /** Without an ending. */
  readonly name: string
  readonly fields: readonly Field[]
  readonly chunks: AsyncIterable<Dataset>
  readonly metadata: FileMetadata
  readonly at: Date
}

/** The bytes of the file, made while they are read. @returns undefined where what writes them is not installed */
export async function bytesOf(format: Format, { name, fields, chunks, metadata, at }: FileParts): Promise<AsyncIterable<Uint8Array | string> | undefined> {
  const columns = fields.map((field) => field.name)
  if (format === 'csv') return csvZip(name, fields, csvText(columns, chunks), metadata, at)
  if (format === 'json') return jsonText(columns, chunks, metadata)
  if (format === 'ndjson') return ndjsonText(columns, chunks, metadata)
  const writer = await parquetWriter()
  return writer && parquetBytes(writer, fields, chunks, metadata)
}
