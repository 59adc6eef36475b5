import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { exampleSource, sourceInput } from '../schema.ts'
import { findSource } from '../store.ts'
import { lookSchema } from './schema.ts'
import { findLook } from './store.ts'

export const readLook = operation({
  name: 'catalog.read_look',
  summary: 'Tell how far the last look through a source is, or what came of it',
  input: sourceInput,
  output: z.strictObject({ look: lookSchema.nullable().describe('Null where nobody has looked through it yet.') }),
  access: { action: 'read', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: { none: 'it tells counts and names of tables; the look itself stands in the ledger' },
  http: { method: 'GET', path: '/v1/data-sources/:source/look' },
  example: { input: { source: exampleSource } },
  problems: [doorProblems.not_found],
  async run({ tx }, { source }) {
    if ((await findSource(tx, source)) === undefined) return refuse(doorProblems.not_found)
    return { look: (await findLook(tx, source)) ?? null }
  },
})
