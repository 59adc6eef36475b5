/** What a database of SQL Server holds, from its own catalogue: the tables and views that the user may read. */
import { fieldNameOf } from '@gatehouse/tabular/field'
import type { DiscoveredColumn, DiscoveredTable } from '../connector.ts'
import { qualifiedName } from './names.ts'
import type { Session } from './session.ts'
import type { Statement } from './statement.ts'
import { physicalOf, readingOf } from './types.ts'

const columnsText = `
SELECT s.name, o.name, c.name, t.name, c.max_length, c.precision, c.scale, c.is_nullable
FROM sys.objects o
JOIN sys.schemas s ON s.schema_id = o.schema_id
JOIN sys.columns c ON c.object_id = o.object_id
JOIN sys.types t ON t.user_type_id = c.system_type_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
AND HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT', 'SELECT') = 1`

const keysText = `
SELECT s.name, o.name, c.name
FROM sys.indexes i
JOIN sys.objects o ON o.object_id = i.object_id
JOIN sys.schemas s ON s.schema_id = o.schema_id
JOIN sys.index_columns x ON x.object_id = i.object_id AND x.index_id = i.index_id AND x.key_ordinal > 0
JOIN sys.columns c ON c.object_id = x.object_id AND c.column_id = x.column_id
WHERE i.is_primary_key = 1 ORDER BY s.name, o.name, x.key_ordinal`

const referencesText = `
SELECT s.name, o.name, f.name, c.name, rs.name, ro.name, rc.name
FROM sys.foreign_keys f
JOIN sys.foreign_key_columns x ON x.constraint_object_id = f.object_id
JOIN sys.objects o ON o.object_id = f.parent_object_id
JOIN sys.schemas s ON s.schema_id = o.schema_id
JOIN sys.columns c ON c.object_id = o.object_id AND c.column_id = x.parent_column_id
JOIN sys.objects ro ON ro.object_id = f.referenced_object_id
JOIN sys.schemas rs ON rs.schema_id = ro.schema_id
JOIN sys.columns rc ON rc.object_id = ro.object_id AND rc.column_id = x.referenced_column_id
ORDER BY f.object_id, x.constraint_column_id`

const countsText = `
SELECT s.name, o.name, SUM(p.rows)
FROM sys.partitions p
JOIN sys.objects o ON o.object_id = p.object_id
JOIN sys.schemas s ON s.schema_id = o.schema_id
WHERE p.index_id IN (0, 1) AND o.type = 'U' GROUP BY s.name, o.name`

/** How many of these rights the user has: any of them lets it write. */
export const writesText = `
SELECT
 (SELECT COUNT(*) FROM (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('ALTER'), ('CONTROL')) r(name) WHERE HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', r.name) = 1)
 + (SELECT COUNT(*) FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('ALTER')) r(name)
    WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT', r.name) = 1)`

export const plain = (text: string): Statement => ({ text, parameters: [] })

/** The columns of one table as they are now; none where it is not there, or may not be read. */
export async function columnsNow(session: Session, schema: string, table: string): Promise<DiscoveredColumn[]> {
  const rows = await session.all({
    text: `${columnsText} AND s.name = @schema AND o.name = @table ORDER BY c.column_id`,
    parameters: [
      { name: 'schema', kind: 'text', value: schema },
      { name: 'table', kind: 'text', value: table },
    ],
  })
  return rows.flatMap(columnOf)
}

export async function tablesIn(session: Session): Promise<DiscoveredTable[]> {
  const columns = grouped(await session.all(plain(`${columnsText} ORDER BY s.name, o.name, c.column_id`)))
  const keys = grouped(await session.all(plain(keysText)))
  const counts = grouped(await session.all(plain(countsText)))
  const references = grouped(await session.all(plain(referencesText)))
  return [...columns].map(([name, rows]) => {
    const read = rows.flatMap(columnOf)
    const key = (keys.get(name) ?? []).map((row) => String(row[2]))
    const count = counts.get(name)?.[0]?.[2]
    return {
      name,
      columns: read,
      // A key of which a part is not read cannot be gone on by.
      key: key.every((part) => read.some(({ column }) => column === part)) ? key : [],
      references: referencesFrom(references.get(name) ?? []),
      rows: count === undefined || count === null ? undefined : Number(count),
    }
  })
}

function grouped(rows: readonly unknown[][]): Map<string, unknown[][]> {
  const found = new Map<string, unknown[][]>()
  for (const row of rows) {
    const name = qualifiedName(String(row[0]), String(row[1]))
    found.set(name, [...(found.get(name) ?? []), row])
  }
  return found
}

function columnOf([, , name, type, length, precision, scale, nullable]: readonly unknown[]): DiscoveredColumn[] {
  const physical = physicalOf(String(type), Number(length), Number(precision), Number(scale))
  const reading = readingOf(physical)
  if (reading === undefined) return []
  const column = String(name)
  return [{ column, physical, field: { name: fieldNameOf(column), type: reading.type, sensitivity: 'sensitive', nullable: nullable === true } }]
}

function referencesFrom(rows: readonly unknown[][]): DiscoveredTable['references'] {
  const found = new Map<string, { columns: string[]; table: string; to: string[] }>()
  for (const [, , constraint, column, schema, table, to] of rows) {
    const name = String(constraint)
    const reference = found.get(name) ?? { columns: [], table: qualifiedName(String(schema), String(table)), to: [] }
    found.set(name, reference)
    reference.columns.push(String(column))
    reference.to.push(String(to))
  }
  return [...found.values()]
}
