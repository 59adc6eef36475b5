import { idSchema, sensitive } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPartner } from '../../../governance/partners/index.ts'
import { problems } from '../problems.ts'
import { sendable } from '../protocol/addresses.ts'
import { addressSchema, examples, limits, nameSchema, participantSchema, participantStates, placeSchema } from '../schema.ts'
import { isPerson } from './person.ts'
import { keepParticipantSecret } from './secret.ts'
import { lockParticipant, updateParticipant } from './store.ts'
import { viewOf } from './view.ts'

export const changeParticipant = operation({
  name: 'dataspace.change_participant',
  summary: 'Change, pause or activate a participant',
  description: 'A paused one is nobody: its messages are refused and none are sent to it.',
  input: z.strictObject({
    participant: idSchema('participant'),
    participant_id: nameSchema.optional(),
    address: addressSchema.optional(),
    place: placeSchema.nullable().optional(),
    state: z.enum(participantStates).optional(),
    authorization: sensitive(z.string().min(1).max(limits.authorizationMax)).optional(),
  }),
  output: participantSchema,
  access: { action: 'update', on: () => ({ type: 'participant' }) },
  audit: ({ participant }, { state, address }) => ({ object: { kind: 'participant', id: participant }, details: { state, host: new URL(address).host } }),
  http: { method: 'PATCH', path: '/v1/dataspace/participants/:participant' },
  example: { input: { participant: examples.negotiation, state: 'paused' } },
  problems: [doorProblems.not_found, problems.people_only, problems.address_refused],
  async run(ctx, { participant: id, address, authorization, participant_id, place, state }) {
    if (!(await isPerson(ctx))) return refuse(problems.people_only)
    const before = await lockParticipant(ctx.tx, id)
    const partner = before && (await findPartner(ctx.tx, before.partner_id))
    if (before === undefined || partner === undefined) return refuse(doorProblems.not_found)
    const checked = address === undefined ? { address: before.address } : sendable(ctx.node.egress, address)
    if ('fault' in checked) return refuse(problems.address_refused, checked.fault)
    const row = {
      ...before,
      address: checked.address,
      participant_id: participant_id ?? before.participant_id,
      place: place === undefined ? before.place : place,
      state: state ?? before.state,
      registered_by: ctx.principal.id,
    }
    await updateParticipant(ctx.tx, row)
    if (authorization !== undefined) await keepParticipantSecret(ctx.node, ctx.tenant, partner.id, authorization)
    return viewOf(row, partner)
  },
})
