/** What tables there are, asked of the server's own catalogue. */
import type { FieldType } from '@gatehouse/tabular/field'
import type pg from 'pg'
import type { DiscoveredTable } from '../connector.ts'
import { qualifiedName } from './names.ts'
import { readingOf, type ServerColumn } from './types.ts'

interface RelationRow {
  readonly schema: string
  readonly name: string
  readonly columns: readonly ServerColumn[]
  readonly key: readonly string[] | null
  readonly references:
    | readonly { readonly columns: readonly string[]; readonly schema: string; readonly table: string; readonly to: readonly string[] }[]
    | null
  readonly rows: number
}

const columnsOf = `SELECT json_agg(json_build_object('column', a.attname, 'physical', format_type(a.atttypid, a.atttypmod), 'base', b.typname,
      'is_enum', b.typtype = 'e', 'not_null', a.attnotnull, 'deterministic', coalesce(l.collisdeterministic, true)) ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
      LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'SELECT')`

const namesIn = (relation: string, numbers: string) =>
  `(SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY k(n, place) JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.n)`

/** Tables, views and partitioned tables as wholes, as far as the user may read them. */
const relations = `SELECT n.nspname AS schema, c.relname AS name, (${columnsOf}) AS columns,
    (SELECT ${namesIn('c.oid', 'i.indkey::int2[]')} FROM pg_index i
      WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY(i.indkey::int2[]) AND NOT a.attnotnull)
      ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) AS key,
    (SELECT json_agg(json_build_object('columns', ${namesIn('f.conrelid', 'f.conkey')}, 'schema', fn.nspname, 'table', fc.relname, 'to', ${namesIn('f.confrelid', 'f.confkey')}))
      FROM pg_constraint f JOIN pg_class fc ON fc.oid = f.confrelid JOIN pg_namespace fn ON fn.oid = fc.relnamespace
      WHERE f.conrelid = c.oid AND f.contype = 'f') AS references,
    c.reltuples::float8 AS rows
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
    AND has_schema_privilege(n.oid, 'USAGE') AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
    AND ($1::text[] IS NULL OR n.nspname = ANY($1))`

const tablesMax = 5_000

export async function discover(client: pg.Client, schemas: readonly string[] | undefined): Promise<DiscoveredTable[]> {
  const { rows } = await client.query<RelationRow>(`${relations} ORDER BY n.nspname, c.relname LIMIT ${tablesMax}`, [schemas ?? null])
  return rows.map(tableOf).filter(({ columns }) => columns.length > 0)
}

function tableOf({ schema, name, columns, key, references, rows }: RelationRow): DiscoveredTable {
  return {
    name: qualifiedName(schema, name),
    columns: (columns ?? []).map((column) => ({ column: column.column, physical: column.physical, field: fieldOf(column, readingOf(column).type) })),
    key: key ?? [],
    references: (references ?? []).map(({ columns: from, schema: toSchema, table, to }) => ({ columns: from, table: qualifiedName(toSchema, table), to })),
    // Below 0: never analysed.
    rows: rows < 0 ? undefined : Math.round(rows),
  }
}

function fieldOf({ column, not_null }: ServerColumn, type: FieldType) {
  return { name: column, type, sensitivity: 'sensitive', nullable: !not_null } as const
}

/** The columns of one table as they are now; `undefined` where it is gone, or may not be read any more. */
export async function columnsNow(client: pg.Client, schema: string, table: string): Promise<readonly ServerColumn[] | undefined> {
  const { rows } = await client.query<RelationRow>(`${relations} AND n.nspname = $2 AND c.relname = $3`, [null, schema, table])
  return rows[0]?.columns ?? undefined
}

/** Whether the server itself keeps this user from writing. */
export async function about(client: pg.Client): Promise<{ server: string; readOnly: boolean }> {
  const { rows } = await client.query<{ version: string; writes: boolean }>(
    `SELECT current_setting('server_version') AS version, NOT pg_is_in_recovery() AND EXISTS (
       SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
         AND n.nspname !~ '^pg_' AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) AS writes`,
  )
  const [row] = rows
  return { server: `PostgreSQL ${(row?.version ?? '').split(' ')[0]}`, readOnly: row?.writes === false }
}
