import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { listTablesInput, tableReference, tableSchema } from '../schema.ts'
import { listTables as listRows } from '../store.ts'
import { tableView } from './view.ts'

export const listTables = operation({
  name: 'catalog.list_tables',
  summary: 'List the tables of all sources, by their references',
  description: 'What staff who keep the sources see. What a project sees is its catalogue.',
  input: listTablesInput.extend({ cursor: tableReference.optional() }),
  output: pageSchema(tableSchema),
  access: { action: 'read', on: () => ({ type: 'data_source' }) },
  audit: { none: 'it tells tables and columns, and no record' },
  http: { method: 'GET', path: '/v1/tables' },
  example: { input: {} },
  async run(ctx, { cursor, limit, source, reference }) {
    const rows = await listRows(ctx.tx, { source, reference }, cursor, limit + 1)
    const page = rows.slice(0, limit)
    return { data: page.map(tableView), next: rows.length > limit ? (page.at(-1)?.reference ?? null) : null }
  },
})
