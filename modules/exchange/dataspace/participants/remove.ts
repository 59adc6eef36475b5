import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { examples } from '../schema.ts'
import { forgetParticipantSecret } from './secret.ts'
import { deleteParticipant, lockParticipant } from './store.ts'

export const removeParticipant = operation({
  name: 'dataspace.remove_participant',
  summary: 'Remove a participant',
  description: 'What was negotiated stays on record; transfers that go on end when they are looked at next.',
  input: z.strictObject({ participant: idSchema('participant') }),
  output: z.strictObject({ id: idSchema('participant') }),
  access: { action: 'delete', on: () => ({ type: 'participant' }) },
  audit: ({ participant }) => ({ object: { kind: 'participant', id: participant } }),
  http: { method: 'DELETE', path: '/v1/dataspace/participants/:participant' },
  example: { input: { participant: examples.negotiation } },
  problems: [doorProblems.not_found],
  async run(ctx, { participant: id }) {
    const row = await lockParticipant(ctx.tx, id)
    if (row === undefined) return refuse(doorProblems.not_found)
    await deleteParticipant(ctx.tx, id)
    await forgetParticipantSecret(ctx.node, ctx.tenant, row.partner_id)
    return { id }
  },
})
