import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { exampleSource, sourceInput, sourceSchema } from '../schema.ts'
import { findSource } from '../store.ts'
import { viewOf } from './view.ts'

export const readSource = operation({
  name: 'catalog.read_source',
  kind: 'steps',
  summary: 'Read a source',
  input: sourceInput,
  output: sourceSchema,
  access: { action: 'read', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: { none: 'it tells where records can be read from, and no record' },
  http: { method: 'GET', path: '/v1/data-sources/:source' },
  example: { input: { source: exampleSource } },
  problems: [doorProblems.not_found],
  async run(ctx, { source }) {
    const row = await ctx.step((tx) => findSource(tx, source))
    return row === undefined ? refuse(doorProblems.not_found) : viewOf(ctx, row)
  },
})
