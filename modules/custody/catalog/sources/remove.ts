import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { exampleSource, sourceInput } from '../schema.ts'
import { deleteSource, filesOfSource, findSource, tablesOf } from '../store.ts'
import { deleteTable } from '../table-files/write-table.ts'
import { forgetSecret } from './connect.ts'

export const removeSource = operation({
  name: 'catalog.remove_source',
  kind: 'steps',
  summary: 'Remove a source with its tables, its uploads and its secret',
  description: 'Nothing is done at the source itself. Plans that name its tables cannot run any more.',
  input: sourceInput,
  output: z.strictObject({ tables: z.int(), files: z.int() }),
  access: { action: 'delete', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: ({ source }, counts) => ({ object: { kind: 'data_source', id: source }, details: counts }),
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/data-sources/:source' },
  example: { input: { source: exampleSource } },
  problems: [doorProblems.not_found],
  async run(ctx, { source }) {
    const removed = await ctx.step(async (tx) => {
      const row = await findSource(tx, source, 'lock')
      if (row === undefined) return refuse(doorProblems.not_found)
      const tables = (await tablesOf(tx, source)).length
      const files = await filesOfSource(tx, source)
      await deleteSource(tx, source)
      return { row, tables, files }
    })
    if (removed instanceof Refusal) return removed
    // Rows first: what a crash leaves behind is known to nobody, and swept.
    for (const file of removed.files) await deleteTable(ctx.node.blobs, file)
    await forgetSecret(ctx.node, ctx.tenant, source)
    ctx.publish({ type: 'catalog.source_removed', subject: source, data: { source, slug: removed.row.slug } })
    return { tables: removed.tables, files: removed.files.length }
  },
})
