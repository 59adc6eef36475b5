import { writeTerms } from '@gatehouse/policy/odrl-write-terms'
import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { outgoing } from '../processes/outgoing.ts'
import { thenProceed } from '../processes/proceed.ts'
import { termsIn } from '../processes/receive.ts'
import { beginWith, providerNamed } from '../processes/request.ts'
import { sidesOf } from '../processes/step.ts'
import { named, negotiationOf } from '../processes/view.ts'
import { messageOffer } from '../protocol/messages.ts'
import { examples, nameSchema, negotiationView } from '../schema.ts'

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
    const provider = await providerNamed(ctx, name)
    if (provider instanceof Refusal) return provider
    const terms = termsIn(ctx, offer)
    if (terms instanceof Refusal) return terms
    const id = ctx.newId<'negotiation'>()
    const row = { id, kind: 'negotiation', dataset, offer_id: offer['@id'], terms: writeTerms(terms), terms_ours: true } as const
    const process = await beginWith(ctx, provider, row, async (tx, begun) =>
      outgoing('request', begun, await sidesOf(ctx, tx, provider.partner.id), { target: dataset }),
    )
    if (process instanceof Refusal) return process
    const [view] = await named(ctx.tx, [process], negotiationOf)
    return view as NonNullable<typeof view>
  },
})
