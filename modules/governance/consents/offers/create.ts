import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { checkTerms } from '../check-terms.ts'
import { consentsProblems } from '../problems.ts'
import { newOfferSchema, offerSchema, offersMax } from './schema.ts'
import { insertOffer, listOffers } from './store.ts'

export const createOffer = operation({
  name: 'consents.create_offer',
  summary: 'Ask people for a consent',
  description:
    'It then stands on the page of every person, who may agree to it or not. An offer is not edited: retire it and make a new one; what was agreed to stays as it is.',
  input: newOfferSchema,
  output: offerSchema,
  access: { action: 'create', on: () => ({ type: 'consent' }) },
  audit: (_input, offer) => ({ object: { kind: 'consent_offer', id: offer.id } }),
  http: { method: 'POST', path: '/v1/consent-offers', status: 201 },
  example: {
    input: {
      title: 'Offers by mail',
      about: 'Harbour Bank may write to you about its offers.',
      purposes: ['dpv:DirectMarketing'],
      recipients: ['harbour-bank'],
      data_classes: ['employee'],
      valid_days: 365,
      notice_version: '2026-09',
      language: 'en',
    },
  },
  problems: [consentsProblems.terms_refused, consentsProblems.offers_full],
  async run(ctx, { title, about, valid_days, ...terms }) {
    await checkTerms(ctx.tx, ctx.node, ctx.now, [{ ...terms, method: 'electronic_form' }], [''])
    if ((await listOffers(ctx.tx, false, offersMax)).length >= offersMax) return refuse(consentsProblems.offers_full)
    const offer = { id: ctx.newId<'consent_offer'>(), title, about, terms, valid_days: valid_days ?? null, created_at: ctx.now, retired_at: null }
    await insertOffer(ctx.tx, offer)
    return offer
  },
})
