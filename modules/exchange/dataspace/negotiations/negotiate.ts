import { writeTerms } from '@gatehouse/policy/odrl-write-terms'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPartner } from '../../../governance/partners/index.ts'
import { counterpartyOf } from '../participants/counterparty.ts'
import { problems } from '../problems.ts'
import { outgoing } from '../processes/outgoing.ts'
import { thenProceed } from '../processes/proceed.ts'
import { termsIn } from '../processes/receive.ts'
import { recordStep, sidesOf } from '../processes/step.ts'
import { findProcess, insertMessage, insertProcess } from '../processes/store.ts'
import { named, negotiationOf } from '../processes/view.ts'
import { messageOffer } from '../protocol/messages.ts'
import { examples, nameSchema, negotiationView, proceedQueue } from '../schema.ts'

export const negotiate = operation({
  name: 'dataspace.negotiate',
  summary: 'Ask another participant for an agreement on one of its datasets',
  description:
    'With an offer as the other side’s catalogue has it. The agreement is verified by itself where it says what was asked for; terms that differ wait for a person.',
  input: z.strictObject({ partner: z.string().max(63), dataset: nameSchema, offer: messageOffer }),
  output: negotiationView,
  access: { action: 'create', on: () => ({ type: 'negotiation' }) },
  audit: (_input, { id, dataset }) => ({ object: { kind: 'negotiation', id }, details: { dataset: dataset.slice(0, 200) } }),
  http: { method: 'POST', path: '/v1/dataspace/negotiations', status: 201 },
  followUp: thenProceed,
  example: {
    input: { partner: examples.partner, dataset: examples.dataset, offer: { '@id': examples.offer, '@type': 'Offer', permission: [{ action: 'use' }] } },
  },
  problems: [problems.off, doorProblems.not_found, problems.not_a_participant, problems.outside_profile],
  async run(ctx, { partner: name, dataset, offer }) {
    if (!ctx.node.speaksDataspace) return refuse(problems.off)
    const partner = await findPartner(ctx.tx, name)
    if (partner === undefined) return refuse(doorProblems.not_found)
    const party = await counterpartyOf(ctx.tx, partner.id, ctx.now)
    if ('reason' in party) return refuse(problems.not_a_participant, party.reason.replaceAll('_', ' '), { partner: partner.id })
    const terms = termsIn(ctx, offer)
    if (terms instanceof Refusal) return terms
    const id = ctx.newId<'negotiation'>()
    await insertProcess(ctx.tx, {
      id,
      kind: 'negotiation',
      role: 'consumer',
      state: 'REQUESTED',
      partner_id: partner.id,
      other_pid: null,
      address: party.participant.address,
      dataset,
      offer_id: offer['@id'],
      terms: writeTerms(terms),
      terms_ours: true,
      started_by: ctx.principal.id,
      created_at: ctx.now,
    })
    const process = await findProcess(ctx.tx, id, 'negotiation')
    if (process === undefined) return refuse(doorProblems.not_found)
    const message = outgoing('request', process, await sidesOf(ctx, ctx.tx, partner.id), { target: dataset })
    await insertMessage(ctx.tx, { id: ctx.newId<'delivery'>(), process_id: id, direction: 'out', ...message, state: 'queued', at: ctx.now })
    await recordStep(ctx, ctx.tx, process, 'request', 'out')
    await ctx.enqueue(proceedQueue, { process: id })
    const [view] = await named(ctx.tx, [process], negotiationOf)
    return view as NonNullable<typeof view>
  },
})
