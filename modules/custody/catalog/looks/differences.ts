/** What a source has now against what the catalogue knows of it; nothing is kept here. */
import type { Connection, DiscoveredTable } from '../connectors/connector.ts'
import { limits } from '../schema.ts'
import type { TableRow } from '../store.ts'
import { type Merged, merge, type Proposed } from '../tables/merge.ts'
import { proposedFor } from '../tables/propose.ts'

export interface Difference {
  readonly before: TableRow | undefined
  /** Absent where the source has the table no more. */
  readonly found: DiscoveredTable | undefined
  readonly merged: Merged
}

const gone: Merged['changes'] = [{ what: 'table_gone', column: null, from: null, to: null }]
const nothing: ReadonlyMap<string, Proposed> = new Map()

export interface Proposing {
  readonly connection: Connection
  readonly signal: AbortSignal
  tell(tables: number, of: number): void
}

/** What there is beyond the most that is kept of a source. */
export function leftOut(found: readonly DiscoveredTable[]): { tables: number; columns: number } {
  const columns = found.slice(0, limits.tablesPerSource).reduce((sum, table) => sum + Math.max(0, table.columns.length - limits.columnsPerTable), 0)
  return { tables: Math.max(0, found.length - limits.tablesPerSource), columns }
}

/** @param propose what new columns are, from a sample of their table; without it nothing is asked of the source */
export async function differences(found: readonly DiscoveredTable[], known: readonly TableRow[], propose?: Proposing): Promise<Difference[]> {
  const before = new Map(known.map((table) => [table.name, table]))
  const out: Difference[] = []
  const tables = found.slice(0, limits.tablesPerSource)
  for (const [index, table] of tables.entries()) {
    propose?.tell(index, tables.length)
    const columns = table.columns.slice(0, limits.columnsPerTable)
    const row = before.get(table.name)
    const fresh = columns.some(({ column }) => !row?.columns.some((old) => old.column === column))
    const proposed = propose !== undefined && fresh ? await proposedFor(propose.connection, { ...table, columns }, propose.signal) : nothing
    out.push({ before: row, found: table, merged: merge(row, { ...table, columns }, proposed) })
  }
  const names = new Set(found.map(({ name }) => name))
  for (const row of known) {
    if (names.has(row.name) || row.gone) continue
    out.push({ before: row, found: undefined, merged: { columns: row.columns, key: row.key, changes: gone } })
  }
  return out
}
