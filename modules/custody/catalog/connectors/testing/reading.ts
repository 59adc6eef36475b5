/** Short words for asking a driver for rows. */
import { rowsOf } from '@gatehouse/tabular/dataset'
import type { SourceValue } from '@gatehouse/tabular/value'
import type { Connection, DiscoveredTable, ReadRequest } from '../connector.ts'

export function requestFor(table: DiscoveredTable, more: Partial<ReadRequest> = {}): ReadRequest {
  // A driver tells a key as the source writes it, and is asked for it by its fields, as the catalogue does.
  const key = table.key.flatMap((name) => table.columns.filter(({ column }) => column === name).map(({ field }) => field.name))
  return {
    table: { ...table, key },
    columns: table.columns.map(({ field }) => field.name),
    where: undefined,
    inKeyOrder: false,
    rowsMax: 1_000_000,
    timeMsMax: 30_000,
    signal: new AbortController().signal,
    ...more,
  }
}

export async function rowsRead(connection: Connection, request: ReadRequest): Promise<Record<string, SourceValue>[]> {
  const rows: Record<string, SourceValue>[] = []
  for await (const chunk of connection.read(request)) rows.push(...rowsOf(chunk))
  return rows
}

export async function tableNamed(connection: Connection, name: string): Promise<DiscoveredTable> {
  const found = (await connection.discover()).find((table) => table.name === name)
  if (found === undefined) throw new Error(`the source shows no table ${name}`)
  return found
}
