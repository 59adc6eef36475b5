import { sensitive } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPartner } from '../../../governance/partners/index.ts'
import { problems } from '../problems.ts'
import { sendable } from '../protocol/addresses.ts'
import { addressSchema, examples, limits, nameSchema, participantSchema, placeSchema } from '../schema.ts'
import { isPerson } from './person.ts'
import { keepParticipantSecret } from './secret.ts'
import { insertParticipant } from './store.ts'
import { viewOf } from './view.ts'

export const registerParticipant = operation({
  name: 'dataspace.register_participant',
  summary: 'Register a partner as a participant of a dataspace',
  description:
    'From then on the partner’s API key or access token speaks the Dataspace Protocol with this node, and this node’s messages go to this address and to no other host. `authorization` is presented there as it stands. Whoever registers it, or changed it last, stands for its requests on the review desk.',
  input: z.strictObject({
    partner: z.string().max(63),
    participant_id: nameSchema,
    address: addressSchema.describe('Where its catalogue, negotiations and transfers begin, such as https://connector.example.org/dsp'),
    place: placeSchema.optional().describe('Where the participant is, for conditions on places'),
    authorization: sensitive(z.string().min(1).max(limits.authorizationMax)).optional().describe('The whole value of the Authorization header'),
  }),
  output: participantSchema,
  access: { action: 'create', on: () => ({ type: 'participant' }) },
  audit: ({ address }, { id }) => ({ object: { kind: 'participant', id }, details: { host: new URL(address).host } }),
  http: { method: 'POST', path: '/v1/dataspace/participants', status: 201 },
  example: { input: { partner: examples.partner, participant_id: 'did:web:connector.example.org', address: 'https://connector.example.org/dsp' } },
  problems: [doorProblems.not_found, problems.people_only, problems.address_refused, problems.participant_exists],
  async run(ctx, { partner: name, participant_id, address, place, authorization }) {
    if (!(await isPerson(ctx))) return refuse(problems.people_only)
    const partner = await findPartner(ctx.tx, name)
    if (partner === undefined) return refuse(doorProblems.not_found)
    const checked = sendable(ctx.node.egress, address)
    if ('fault' in checked) return refuse(problems.address_refused, checked.fault)
    const row = {
      id: ctx.newId<'participant'>(),
      partner_id: partner.id,
      participant_id,
      address: checked.address,
      place: place ?? null,
      state: 'active' as const,
      registered_by: ctx.principal.id,
      created_at: ctx.now,
    }
    if (!(await insertParticipant(ctx.tx, row))) return refuse(problems.participant_exists, undefined, { partner: partner.id })
    if (authorization !== undefined) await keepParticipantSecret(ctx.node, ctx.tenant, partner.id, authorization)
    return viewOf(row, partner)
  },
})
