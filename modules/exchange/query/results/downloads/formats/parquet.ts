/** Parquet, a row group for each chunk, by an optional package. */
import { type Column, type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import type { FileMetadata } from '../metadata.ts'

type Writer = typeof import('hyparquet-writer')

/** @returns undefined where the package is not installed */
export async function parquetWriter(): Promise<Writer | undefined> {
  try {
    return await import('hyparquet-writer')
  } catch {
    return undefined
  }
}

export async function* parquetBytes(
  { ByteWriter, ParquetWriter }: Writer,
  fields: readonly Field[],
  chunks: AsyncIterable<Dataset>,
  metadata: FileMetadata,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = new ByteWriter()
  const file = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: fields.length }, ...fields.map(elementOf)],
    kvMetadata: [{ key: 'gatehouse', value: JSON.stringify(metadata) }],
    createdBy: 'Gatehouse',
  })
  for await (const { rowCount, columns } of chunks) {
    file.write({ columnData: columns.map((column) => ({ name: column.field.name, data: valuesOf(column, rowCount) })), rowGroupSize: rowCount })
    yield taken(bytes)
  }
  file.finish()
  yield taken(bytes)
}

/** What was written since; the places of the file are counted on, the memory is used again. */
function taken(writer: InstanceType<Writer['ByteWriter']>): Uint8Array {
  const piece = new Uint8Array(writer.buffer, 0, writer.index).slice()
  writer.index = 0
  return piece
}

type Element = NonNullable<ConstructorParameters<Writer['ParquetWriter']>[0]['schema']>[number]

function elementOf({ name, type }: Field): Element {
  const head = { name, repetition_type: 'OPTIONAL' } as const
  switch (type) {
    case 'integer':
      return { ...head, type: 'INT64' }
    case 'number':
      return { ...head, type: 'DOUBLE' }
    case 'boolean':
      return { ...head, type: 'BOOLEAN' }
    case 'date':
      return { ...head, type: 'INT32', converted_type: 'DATE' }
    case 'instant':
      return { ...head, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }
    case 'string':
      return { ...head, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  }
}

function valuesOf(column: Column, rowCount: number): unknown[] {
  const { type } = column.field
  return Array.from({ length: rowCount }, (_, row) => {
    const value = valueAt(column, row)
    if (value === null) return undefined
    if (type === 'integer') return BigInt(value)
    return type === 'date' || type === 'instant' ? new Date(value as string) : value
  })
}
