import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { pageOf } from '../../../governance/identity/index.ts'
import { listProcesses } from '../processes/store.ts'
import { named, transferOf } from '../processes/view.ts'
import { transferView } from '../schema.ts'
import { transferStates } from '../states.ts'

export const listTransfers = operation({
  name: 'dataspace.list_transfers',
  summary: 'List transfers with other participants, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('transfer').optional(), state: z.enum(transferStates).optional() }),
  output: pageSchema(transferView),
  access: { action: 'read', on: () => ({ type: 'transfer' }) },
  audit: { none: 'it tells which table went to whom, and no record' },
  http: { method: 'GET', path: '/v1/dataspace/transfers' },
  example: { input: {} },
  async run({ tx }, { cursor, limit, state }) {
    const page = await pageOf(limit, cursor, (before, count) => listProcesses(tx, 'transfer', before, count, state))
    return { data: await named(tx, page.data, transferOf), next: page.next }
  },
})
