import { Problem } from '@gatehouse/core/problem'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { semantics } from '@gatehouse/tabular/field'
import { fileKind } from '../connectors/kinds.ts'
import { type CatalogColumn, type ColumnChange, changeTableInput, exampleTable, tableDetailSchema } from '../schema.ts'
import { findSource, findTable, type TableRow, updateTable } from '../store.ts'
import { roleOf, sensitivityOf } from './merge.ts'
import { detailOf } from './read.ts'

export const changeTable = operation({
  name: 'catalog.change_table',
  summary: 'Say what a table and its columns are',
  description:
    'Meaning, role, sensitivity, weight and description of columns; what is not sent stays. A column that somebody has spoken of is confirmed: looking through the source again does not change it. At most one column is the subject.',
  input: changeTableInput,
  output: tableDetailSchema,
  access: { action: 'update', on: () => ({ type: 'catalogue' }) },
  audit: ({ table, columns }, { revision, floor }) => ({
    object: { kind: 'table', id: table },
    details: { columns: (columns ?? []).map(({ name }) => name).slice(0, 50), floor, revision },
  }),
  http: { method: 'PATCH', path: '/v1/tables/:table' },
  example: { input: { table: exampleTable, columns: [{ name: 'nhs_number', semantic: 'national_health_number', identifier_role: 'subject' }] } },
  problems: [doorProblems.not_found, doorProblems.conflict, doorProblems.input_invalid],
  async run(ctx, { table, revision, columns = [], ...more }) {
    const before = await findTable(ctx.tx, table, 'lock')
    if (before === undefined) return refuse(doorProblems.not_found)
    if (revision !== undefined && revision !== before.revision) return refuse(doorProblems.conflict)
    const source = await findSource(ctx.tx, before.source_id)
    const given = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined))
    const row: TableRow = { ...before, ...given, columns: changed(before.columns, columns, source?.kind === fileKind), revision: before.revision + 1 }
    await updateTable(ctx.tx, row)
    ctx.publish({ type: 'catalog.table_changed', subject: row.id, data: { table: row.id, reference: `${source?.slug}.${row.slug}` } })
    return detailOf(ctx.tx, row)
  },
})

/** @throws Problem naming each place that cannot be so */
function changed(before: readonly CatalogColumn[], changes: readonly ColumnChange[], uploaded: boolean): CatalogColumn[] {
  const errors: { pointer: string; detail: string }[] = []
  const byName = new Map(before.map((column) => [column.name, column]))
  for (const [index, change] of changes.entries()) {
    const column = byName.get(change.name)
    if (column === undefined) errors.push({ pointer: `/columns/${index}/name`, detail: 'the table has no such column' })
    else if (change.type !== undefined && uploaded)
      errors.push({ pointer: `/columns/${index}/type`, detail: 'the rows of an upload have their types already: send the file again' })
    else byName.set(change.name, changedColumn(column, change))
  }
  const columns = before.map(({ name }) => byName.get(name) as CatalogColumn)
  if (columns.filter(({ identifier_role }) => identifier_role === 'subject').length > 1)
    errors.push({ pointer: '/columns', detail: 'only one column names the person; give the other one another role' })
  if (errors.length > 0) throw new Problem(doorProblems.input_invalid, undefined, { errors: errors.slice(0, 100) })
  return columns
}

function changedColumn(
  column: CatalogColumn,
  { name: _, semantic, namespace, description, identifier_role, sensitivity, ...more }: ColumnChange,
): CatalogColumn {
  const { semantic: oldSemantic, namespace: oldNamespace, description: oldDescription, ...rest } = column
  const meaning = semantic === undefined ? oldSemantic : (semantic ?? undefined)
  // The three hang together: of what was said, the most particular decides, and the others follow.
  const told = sensitivity ?? (identifier_role === undefined ? undefined : sensitivityOf(identifier_role))
  const follows = semantic === undefined || semantic === null ? column.sensitivity : semantics[semantic]
  const role =
    identifier_role ?? (sensitivity === undefined && (semantic === undefined || semantic === null) ? column.identifier_role : roleOf(told ?? follows))
  const space = namespace === undefined ? oldNamespace : (namespace ?? undefined)
  const words = description === undefined ? oldDescription : (description ?? undefined)
  const given = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined))
  return {
    ...rest,
    ...given,
    ...(meaning === undefined ? {} : { semantic: meaning }),
    sensitivity: told ?? follows,
    identifier_role: role,
    ...(space === undefined ? {} : { namespace: space }),
    ...(words === undefined ? {} : { description: words }),
    confirmed: true,
  }
}
