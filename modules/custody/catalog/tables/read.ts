import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { z } from 'zod'
import { exampleTable, tableDetailSchema, tableInput } from '../schema.ts'
import { changesOf, findSource, findTable, type TableRow, uploadsOf } from '../store.ts'
import { tableView, uploadView } from './view.ts'

const shownMax = 50

export const readTable = operation({
  name: 'catalog.read_table',
  summary: 'Read a table: its columns, its versions and how it changed',
  input: tableInput,
  output: tableDetailSchema,
  access: { action: 'read', on: () => ({ type: 'data_source' }) },
  audit: { none: 'it tells tables and columns, and no record' },
  http: { method: 'GET', path: '/v1/tables/:table' },
  example: { input: { table: exampleTable } },
  problems: [doorProblems.not_found],
  async run(ctx, { table }) {
    const row = await findTable(ctx.tx, table)
    return row === undefined ? refuse(doorProblems.not_found) : detailOf(ctx.tx, row)
  },
})

export async function detailOf(tx: Tx, row: TableRow): Promise<z.output<typeof tableDetailSchema>> {
  const source = await findSource(tx, row.source_id)
  const uploads = await uploadsOf(tx, row.id, shownMax)
  const changes = await changesOf(tx, row.id, shownMax)
  return {
    ...tableView({ ...row, reference: `${source?.slug}.${row.slug}` }),
    uploads: uploads.map(uploadView),
    changes: changes.map(({ schema_version, at, changes: made }) => ({ schema_version, at, changes: [...made] })),
  }
}
