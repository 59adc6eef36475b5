/** What a database of MySQL or MariaDB holds, from its own catalogue: the tables and views that the user may read. */
import { fieldNameOf } from '@gatehouse/tabular/field'
import type { DiscoveredColumn, DiscoveredTable } from '../connector.ts'
import type { Session } from './session.ts'
import { readingOf } from './types.ts'

const plain = (text: string) => ({ text, values: [] })

const columnsText = `SELECT c.table_name, c.column_name, c.column_type, c.is_nullable
  FROM information_schema.columns c WHERE c.table_schema = DATABASE()`
const countsText = `SELECT t.table_name, t.table_rows FROM information_schema.tables t WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'`
const keysText = `SELECT k.table_name, k.column_name, k.constraint_name, k.referenced_table_name, k.referenced_column_name
  FROM information_schema.key_column_usage k WHERE k.table_schema = DATABASE() AND (k.constraint_name = 'PRIMARY' OR k.referenced_table_schema = DATABASE())
  ORDER BY k.table_name, k.constraint_name, k.ordinal_position`

/** Rights on this database, or on all of them, by which something could be written. */
export const writesText = `SELECT (SELECT COUNT(*) FROM information_schema.user_privileges p WHERE p.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER', 'SUPER'))
  + (SELECT COUNT(*) FROM information_schema.schema_privileges p WHERE p.table_schema = DATABASE() AND p.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER'))
  + (SELECT COUNT(*) FROM information_schema.table_privileges p WHERE p.table_schema = DATABASE() AND p.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER'))`

export async function tablesIn(session: Session): Promise<DiscoveredTable[]> {
  const columns = await session.all(plain(`${columnsText} ORDER BY c.table_name, c.ordinal_position`))
  const counts = new Map((await session.all(plain(countsText))).map(([table, rows]) => [String(table), rows === null ? undefined : Number(rows)]))
  const keys = await session.all(plain(keysText))
  const tables = new Map<string, DiscoveredColumn[]>()
  for (const [table, ...row] of columns) {
    const found = columnOf(row)
    if (found !== undefined) tables.set(String(table), [...(tables.get(String(table)) ?? []), found])
  }
  return [...tables].map(([name, its]) => ({
    name,
    columns: its,
    key: keys.filter(([table, , constraint]) => table === name && constraint === 'PRIMARY').map(([, column]) => String(column)),
    references: referencesOf(keys.filter(([table, , , other]) => table === name && other !== null)),
    rows: counts.get(name),
  }))
}

/** As they are now; none where the table is gone, or may not be read any more. */
export async function columnsNow(session: Session, table: string): Promise<readonly DiscoveredColumn[]> {
  const rows = await session.all({ text: `${columnsText} AND c.table_name = ? ORDER BY c.ordinal_position`, values: [table] })
  // Some servers take small letters of names for great ones.
  return rows.filter(([name]) => name === table).flatMap(([, ...row]) => columnOf(row) ?? [])
}

function columnOf([column, type, nullable]: readonly unknown[]): DiscoveredColumn | undefined {
  const physical = String(type).toLowerCase()
  const reading = readingOf(physical)
  if (reading === undefined) return undefined
  const name = String(column)
  return { column: name, physical, field: { name: fieldNameOf(name), type: reading.type, sensitivity: 'sensitive', nullable: nullable === 'YES' } }
}

function referencesOf(rows: readonly unknown[][]): DiscoveredTable['references'] {
  const byName = new Map<string, unknown[][]>()
  for (const row of rows) byName.set(String(row[2]), [...(byName.get(String(row[2])) ?? []), row])
  return [...byName.values()].map((parts) => ({
    columns: parts.map(([, column]) => String(column)),
    table: String(parts[0]?.[3]),
    to: parts.map((part) => String(part[4])),
  }))
}
