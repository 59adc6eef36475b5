/** Rows that come page by page, as chunks of columns of the types that the catalogue knows. */
import { type Dataset, datasetBuilder } from '@gatehouse/tabular/dataset'
import { parseValue, type SourceRecord, type SourceValue } from '@gatehouse/tabular/value'
import { ConnectorError, type DiscoveredColumn, rowsPerChunk } from './connector.ts'
import { say } from './words.ts'

/**
 * Rows are keyed as the source writes its columns; the chunks are named by fields. Nothing is asked for before it is wanted.
 * @throws ConnectorError `drifted` for a value that is not of its column's type, and for a column that never has none and is in no row
 */
export async function* chunksFrom(
  pages: AsyncIterable<readonly SourceRecord[]>,
  table: string,
  columns: readonly DiscoveredColumn[],
  rowsMax = rowsPerChunk,
): AsyncGenerator<Dataset, void, undefined> {
  const fields = columns.map(({ field }) => field)
  let wanting = columns.filter(({ field }) => !field.nullable)
  let builder = datasetBuilder(fields)
  let rows = 0
  let first = true
  const taken = (): Dataset => {
    const [gone] = first ? wanting : []
    if (gone !== undefined) throw new ConnectorError('drifted', say('column_gone', { table, column: gone.column }))
    const chunk = builder.build()
    builder = datasetBuilder(fields)
    rows = 0
    first = false
    return chunk
  }
  for await (const page of pages) {
    for (const row of page) {
      if (wanting.length > 0) wanting = wanting.filter(({ column }) => row[column] === undefined)
      builder.add(Object.fromEntries(columns.map((column) => [column.field.name, typed(row[column.column] ?? null, table, column)])))
      if (++rows === rowsMax) yield taken()
    }
  }
  if (rows > 0) yield taken()
}

function typed(value: SourceValue, table: string, { column, field }: DiscoveredColumn): SourceValue {
  const parsed = parseValue(value, field.type)
  if (parsed.ok) return parsed.value
  throw new ConnectorError('drifted', say('value_not', { table, column, expected: parsed.expected }))
}
