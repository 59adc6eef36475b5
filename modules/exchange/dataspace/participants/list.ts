import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { partnersNamed } from '../../../governance/partners/index.ts'
import { participantSchema } from '../schema.ts'
import { listParticipants as rowsOf } from './store.ts'
import { viewOf } from './view.ts'

export const listParticipants = operation({
  name: 'dataspace.list_participants',
  summary: 'List the other participants of dataspaces',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(participantSchema), on: z.boolean().describe('Whether the node speaks the Dataspace Protocol at all') }),
  access: { action: 'read', on: () => ({ type: 'participant' }) },
  audit: { none: 'it tells which institutions can be reached where' },
  http: { method: 'GET', path: '/v1/dataspace/participants' },
  example: { input: {} },
  async run({ tx, node }) {
    const rows = await rowsOf(tx)
    const partners = await partnersNamed(
      tx,
      rows.map(({ partner_id }) => partner_id),
    )
    const data = rows.map((row) => viewOf(row, partners.get(row.partner_id) ?? { reference: row.partner_id, name: row.partner_id }))
    return { data, on: node.speaksDataspace }
  },
})
