/** What a look has found becomes the catalogue's, in one transaction. */
import type { Tx } from '@gatehouse/runtime/data/db'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import { type discoveredSchema, limits } from '../schema.ts'
import { insertChange, insertTable, markDiscovered, type SourceRow, type TableRow, tablesOf, updateTable } from '../store.ts'
import { isLossy, slugOf } from '../tables/merge.ts'
import type { Difference } from './differences.ts'

type Discovered = z.output<typeof discoveredSchema>

/** Of a table of which nobody has said anything. */
const defaultFloor = 10

export async function keep(ctx: StepsContext, tx: Tx, source: SourceRow, found: readonly Difference[], left_out: Discovered['left_out']): Promise<Discovered> {
  const now = new Map((await tablesOf(tx, source.id, 'lock')).map((row) => [row.name, row]))
  const slugs = new Set([...now.values()].map(({ slug }) => slug))
  const rows = found.map(({ before, found: table, merged }): TableRow => {
    const row = now.get(before?.name ?? table?.name ?? '')
    const facts = {
      columns: merged.columns,
      key: merged.key,
      refers: table?.references ?? row?.refers ?? [],
      rows: table?.rows ?? null,
      gone: table === undefined,
    }
    if (row !== undefined)
      return {
        ...row,
        ...facts,
        floor: Math.max(row.floor, table?.floor ?? 0),
        ...(merged.changes.length > 0 ? { schema_version: row.schema_version + 1, revision: row.revision + 1 } : {}),
      }
    const slug = slugOf(table?.name ?? '', slugs)
    slugs.add(slug)
    const fresh = {
      id: ctx.newId<'table'>(),
      source_id: source.id,
      slug,
      title: (table?.title ?? table?.name ?? slug).slice(0, limits.titleMax),
      description: table?.description ?? null,
      name: table?.name ?? slug,
    }
    return { ...fresh, ...facts, floor: Math.max(defaultFloor, table?.floor ?? 0), schema_version: 1, revision: 1, created_at: ctx.now }
  })
  const changes: Discovered['changes'] = []
  for (const [index, row] of withReferences(source, rows).entries()) {
    const merged = found[index]?.merged.changes ?? []
    await (now.has(row.name) ? updateTable(tx, row) : insertTable(tx, row))
    if (merged.length === 0) continue
    await insertChange(tx, { table_id: row.id, schema_version: row.schema_version, changes: merged, at: ctx.now })
    changes.push({ table: `${source.slug}.${row.slug}`, changes: [...merged] })
  }
  await markDiscovered(tx, source.id, ctx.now)
  const lossy = changes.some((table) => isLossy(table.changes))
  if (changes.length > 0) ctx.publish({ type: 'catalog.schema_changed', subject: source.id, data: { source: source.id, tables: changes.length, lossy } })
  return { tables: rows.filter(({ gone }) => !gone).length, changes, lossy, left_out }
}

/** Relations by the names that plans use, as far as the other table is known. */
function withReferences(source: SourceRow, rows: readonly TableRow[]): TableRow[] {
  const byName = new Map(rows.map((row) => [row.name, row]))
  const named = (row: TableRow | undefined, column: string) => row?.columns.find((known) => known.column === column)?.name ?? column
  return rows.map((row) => ({
    ...row,
    refers: row.refers.map(({ columns, table, to }) => {
      const other = byName.get(table)
      if (other === undefined) return { columns, table, to }
      return { columns: columns.map((column) => named(row, column)), table: `${source.slug}.${other.slug}`, to: to.map((column) => named(other, column)) }
    }),
  }))
}
