import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { exampleTable, tableInput } from '../schema.ts'
import { findSource, findTable } from '../store.ts'

export const profileQueue = 'catalog-profile'

export const askProfile = operation({
  name: 'catalog.ask_profile',
  summary: 'Have a table’s values looked through for its profile',
  description:
    'All rows of an upload, the first rows of a live source. What is kept and told is what remains after disclosure control: nothing that fewer people than the table’s floor share.',
  input: tableInput,
  output: z.strictObject({ table: z.string(), queued: z.literal(true) }),
  access: { action: 'update', on: () => ({ type: 'catalogue' }) },
  audit: ({ table }) => ({ object: { kind: 'table', id: table } }),
  http: { method: 'POST', path: '/v1/tables/:table/profile', status: 202 },
  example: { input: { table: exampleTable } },
  problems: [doorProblems.not_found],
  async run(ctx, { table: id }) {
    const table = await findTable(ctx.tx, id)
    if (table === undefined) return refuse(doorProblems.not_found)
    const source = await findSource(ctx.tx, table.source_id)
    const reference = `${source?.slug}.${table.slug}`
    await ctx.enqueue(profileQueue, { reference })
    return { table: reference, queued: true as const }
  },
})
