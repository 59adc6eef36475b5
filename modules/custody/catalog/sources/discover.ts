import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { z } from 'zod'
import { ConnectorError } from '../connectors/connector.ts'
import { keepsFiles } from '../connectors/kinds.ts'
import { problems } from '../problems.ts'
import { discoveredSchema, exampleSource, limits, sourceInput } from '../schema.ts'
import { findSource, insertChange, insertTable, keepHealth, markDiscovered, type SourceRow, type TableRow, tablesOf, updateTable } from '../store.ts'
import { isLossy, slugOf } from '../tables/merge.ts'
import { problemOf, withSource } from './connect.ts'
import { type Difference, differences } from './differences.ts'
import { healthFrom } from './health.ts'

type Discovered = z.output<typeof discoveredSchema>

export const discoverSource = operation({
  name: 'catalog.discover',
  kind: 'steps',
  summary: 'Look through a source for its tables, and keep what is new',
  description:
    'Columns are proposed a meaning and a role from their headings and a sample that is not kept. What people have said of a column stays. Tables that are gone stay known, marked as gone. The answer is the difference from the last time.',
  input: sourceInput,
  output: discoveredSchema,
  access: { action: 'update', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: ({ source }, { tables, changes, lossy }) => ({ object: { kind: 'data_source', id: source }, details: { tables, changed: changes.length, lossy } }),
  http: { method: 'POST', path: '/v1/data-sources/:source/discover' },
  example: { input: { source: exampleSource } },
  problems: [
    doorProblems.not_found,
    problems.not_live,
    problems.paused,
    problems.unreachable,
    problems.slow,
    problems.refused,
    problems.not_installed,
    problems.unsupported,
  ],
  async run(ctx, { source }) {
    const row = await ctx.step((tx) => findSource(tx, source))
    if (row === undefined) return refuse(doorProblems.not_found)
    if (keepsFiles(row.kind)) return refuse(problems.not_live, 'There is nothing to connect to.')
    if (row.state === 'paused') return refuse(problems.paused)
    const known = await ctx.step((tx) => tablesOf(tx, source))
    try {
      return await withSource(ctx.node, ctx.tenant, row, async (connection) => {
        const { server, readOnly } = await connection.check()
        const found = await differences(await connection.discover(), known, connection)
        return ctx.step(async (tx) => {
          await keepHealth(tx, source, { health: 'healthy', health_detail: null, health_said: null, checked_at: ctx.now, server, read_only: readOnly })
          return keep(ctx, tx, row, found)
        })
      })
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      await ctx.step((tx) => keepHealth(tx, source, healthFrom(error, ctx.now)))
      const problem = problemOf(error)
      return new Refusal(problem, { object: { kind: 'data_source', id: source }, details: { fault: error.code } })
    }
  },
})

/** Of a table of which nobody has said anything. */
const defaultFloor = 10

async function keep(ctx: StepsContext, tx: Tx, source: SourceRow, found: readonly Difference[]): Promise<Discovered> {
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
  return { tables: rows.filter(({ gone }) => !gone).length, changes, lossy }
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
