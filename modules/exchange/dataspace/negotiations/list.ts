import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { pageOf } from '../../../governance/identity/index.ts'
import { listProcesses } from '../processes/store.ts'
import { named, negotiationOf } from '../processes/view.ts'
import { negotiationView } from '../schema.ts'
import { negotiationStates } from '../states.ts'

export const listNegotiations = operation({
  name: 'dataspace.list_negotiations',
  summary: 'List negotiations with other participants, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('negotiation').optional(), state: z.enum(negotiationStates).optional() }),
  output: pageSchema(negotiationView),
  access: { action: 'read', on: () => ({ type: 'negotiation' }) },
  audit: { none: 'it tells who asked for which table, and no record' },
  http: { method: 'GET', path: '/v1/dataspace/negotiations' },
  example: { input: {} },
  async run({ tx }, { cursor, limit, state }) {
    const page = await pageOf(limit, cursor, (before, count) => listProcesses(tx, 'negotiation', before, count, state))
    return { data: await named(tx, page.data, negotiationOf), next: page.next }
  },
})
