import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findProcess } from '../processes/store.ts'
import { courseOf, named, negotiationOf } from '../processes/view.ts'
import { examples, negotiationDetail } from '../schema.ts'

export const readNegotiation = operation({
  name: 'dataspace.read_negotiation',
  summary: 'Read a negotiation with its terms and its course',
  input: z.strictObject({ negotiation: idSchema('negotiation') }),
  output: negotiationDetail,
  access: { action: 'read', on: () => ({ type: 'negotiation' }) },
  audit: { none: 'it tells terms and messages between institutions, and no record' },
  http: { method: 'GET', path: '/v1/dataspace/negotiations/:negotiation' },
  example: { input: { negotiation: examples.negotiation } },
  problems: [doorProblems.not_found],
  async run({ tx }, { negotiation }) {
    const process = await findProcess(tx, negotiation, 'negotiation')
    if (process === undefined) return refuse(doorProblems.not_found)
    const [view] = await named(tx, [process], negotiationOf)
    return { ...(view as NonNullable<typeof view>), terms: process.terms, ...(await courseOf(tx, process)) }
  },
})
