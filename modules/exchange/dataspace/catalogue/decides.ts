import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { tableByReference } from '../../../custody/catalog/index.ts'
import { setDecides } from './store.ts'

export const setDeciding = operation({
  name: 'dataspace.set_deciding',
  summary: 'Say whether people decide on requests for a table, or its policy alone',
  description: 'Where nobody has said anything, people decide: a request that the policy permits waits on the review desk.',
  input: z.strictObject({ table: z.string().max(130), decides: z.enum(['policy', 'review']) }),
  output: z.strictObject({ table: z.string(), decides: z.enum(['policy', 'review']) }),
  access: { action: 'publish', on: () => ({ type: 'negotiation' }) },
  audit: ({ table, decides }) => ({ details: { table, decides } }),
  http: { method: 'PUT', path: '/v1/dataspace/tables/:table/deciding' },
  example: { input: { table: 'results.stays-by-town', decides: 'review' } },
  problems: [doorProblems.not_found],
  async run({ tx }, { table, decides }) {
    if ((await tableByReference(tx, table)) === undefined) return refuse(doorProblems.not_found)
    await setDecides(tx, table, decides)
    return { table, decides }
  },
})
