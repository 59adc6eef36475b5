/** What a table's columns are, as far as headings and a sample of rows tell. The sample is forgotten at once. */
import { type Dataset, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import { proposeFields } from '@gatehouse/tabular/propose'
import { proposeRoles } from '@gatehouse/tabular/roles'
import type { Connection, DiscoveredTable } from '../connectors/connector.ts'
import type { Proposed } from './merge.ts'

const sampleRows = 500
const sampleMsMax = 10_000

/** By the names of the dataset's fields. */
export function proposedFrom(sample: Dataset): ReadonlyMap<string, Proposed> {
  const { subject } = proposeFields([...rowsOf(sample)])
  return new Map(
    proposeRoles(sample).map(({ column, semantic, sensitivity, reason }) => [
      column,
      { ...(semantic === undefined ? {} : { semantic }), sensitivity, subject: subject?.column === column, reason },
    ]),
  )
}

/** By the columns' names in the source. A table that cannot be read is judged by its headings alone. */
export async function proposedFor(connection: Connection, table: DiscoveredTable, signal: AbortSignal): Promise<ReadonlyMap<string, Proposed>> {
  const columns = table.columns.map((column) => ({ ...column, field: { ...column.field, name: column.column } }))
  const sample = await firstChunk(connection, { ...table, columns, key: [] }, signal).catch(() => undefined)
  signal.throwIfAborted()
  return proposedFrom(
    sample ??
      datasetFrom(
        columns.map(({ field }) => field),
        [Object.fromEntries(columns.map(({ field }) => [field.name, null]))],
      ),
  )
}

async function firstChunk(connection: Connection, table: DiscoveredTable, signal: AbortSignal): Promise<Dataset | undefined> {
  const request = {
    table,
    columns: table.columns.map(({ field }) => field.name),
    where: undefined,
    inKeyOrder: false,
    rowsMax: sampleRows,
    timeMsMax: sampleMsMax,
    signal,
    sample: true,
  }
  for await (const chunk of connection.read(request)) return chunk
  return undefined
}
