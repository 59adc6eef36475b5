import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { keepsFiles } from '../connectors/kinds.ts'
import { problems } from '../problems.ts'
import { exampleSource, sourceInput } from '../schema.ts'
import { findSource } from '../store.ts'
import { type Look, lookQueue, lookSchema } from './schema.ts'
import { findLook, insertLook } from './store.ts'

export const discoverSource = operation({
  name: 'catalog.discover',
  summary: 'Look through a source for its tables, and keep what is new',
  description:
    'A job looks and goes on whoever leaves; GET /v1/data-sources/:source/look tells how far it is, then what came of it: the difference from the last time. Columns are proposed a meaning and a role from their headings and a sample that is not kept. What people have said of a column stays. Tables that are gone stay known, marked as gone. The catalogue changes once, at the end, or not at all.',
  input: sourceInput,
  output: lookSchema,
  access: { action: 'update', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: ({ source }, { id }) => ({ object: { kind: 'data_source', id: source }, details: { look: id } }),
  http: { method: 'POST', path: '/v1/data-sources/:source/discover', status: 202 },
  example: { input: { source: exampleSource } },
  problems: [doorProblems.not_found, problems.not_live, problems.paused, problems.looking],
  async run(ctx, { source }) {
    const row = await findSource(ctx.tx, source)
    if (row === undefined) return refuse(doorProblems.not_found)
    if (keepsFiles(row.kind)) return refuse(problems.not_live, 'There is nothing to connect to.')
    if (row.state === 'paused') return refuse(problems.paused)
    const look = ctx.newId<'look'>()
    if (!(await insertLook(ctx.tx, source, look, ctx.now))) return refuse(problems.looking)
    await ctx.enqueue(lookQueue, { source, look })
    return (await findLook(ctx.tx, source)) as Look
  },
})
