import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject } from '../../../subjects/index.ts'
import { ownView } from '../own-view.ts'
import { consentsProblems } from '../problems.ts'
import { ownConsent, ownConsentSchema } from '../schema.ts'
import { acceptOffer, ownOffers } from './accept.ts'
import { offerKeySchema, ownOfferSchema } from './schema.ts'
import { openOffer } from './store.ts'

export const myOffers = operation({
  name: 'consents.offers_mine',
  summary: 'What one is asked to agree to, and whether one has',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(ownOfferSchema) }),
  access: { action: 'read', on: ownConsent },
  audit: (_input, { data }) => ({ details: { offers: data.length } }),
  http: { method: 'GET', path: '/v1/me/consent-offers' },
  example: { input: {} },
  problems: [doorProblems.not_found],
  async run(ctx) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    return { data: await ownOffers(ctx.tx, ctx.node, subject.id, ctx.now) }
  },
})

export const giveMyConsent = operation({
  name: 'consents.give_mine',
  summary: 'Agree to what one is asked for',
  description: 'Only what the institution asks for can be agreed to here. Whoever has agreed before gets the next version of that consent.',
  input: z.strictObject({ offer: offerKeySchema }),
  output: ownConsentSchema,
  access: { action: 'create', on: ownConsent },
  audit: (_input, consent) => ({ object: { kind: 'consent', id: consent.id } }),
  http: { method: 'POST', path: '/v1/me/consents', status: 201 },
  example: { input: { offer: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, consentsProblems.already_given],
  async run(ctx, input) {
    const [subject, offer] = await Promise.all([ownSubject(ctx.tx, ctx.principal), openOffer(ctx.tx, input.offer)])
    if (subject === undefined || offer === undefined) return refuse(doorProblems.not_found)
    const given = await acceptOffer(ctx, subject, offer)
    if (given instanceof Refusal) return given
    return ownView(ctx.tx, ctx.node, ctx.now, given)
  },
})
