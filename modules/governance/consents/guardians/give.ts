import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { acceptOffer } from '../offers/accept.ts'
import { type OfferView, offerKeySchema } from '../offers/schema.ts'
import { openOffer } from '../offers/store.ts'
import { ownView } from '../own-view.ts'
import { consentsProblems } from '../problems.ts'
import { ownConsent, ownConsentSchema } from '../schema.ts'
import { guardianshipKeySchema, guardiansMax, proposalDays } from './schema.ts'
import { guardiansOf, propose, takeProposal, waitingProposals } from './store.ts'
import { standingOf, type Ward, wardOf } from './ward.ts'

const daySeconds = 86_400

export const giveForWard = operation({
  name: 'consents.give_for_ward',
  summary: 'Agree on behalf of somebody one may act for',
  description:
    'Where two guardians have to agree, the first makes a proposal and the consent is null; it is given when the other one agrees. The receipt names the capacity.',
  input: z.strictObject({ guardianship: guardianshipKeySchema, offer: offerKeySchema }),
  output: z.strictObject({ consent: ownConsentSchema.nullable(), proposal: idSchema('consent_proposal').nullable() }),
  access: { action: 'create', on: ownConsent },
  audit: ({ guardianship }, { consent, proposal }) => ({
    object: consent === null ? { kind: 'guardianship', id: guardianship } : { kind: 'consent', id: consent.id },
    ...(proposal === null ? {} : { details: { proposal } }),
  }),
  http: { method: 'POST', path: '/v1/me/wards/:guardianship/consents', status: 201 },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001', offer: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found, consentsProblems.already_given, consentsProblems.proposal_waits],
  async run(ctx, { guardianship, offer: asked }) {
    const [ward, offer] = await Promise.all([wardOf(ctx.tx, ctx.principal, guardianship, ctx.now), openOffer(ctx.tx, asked)])
    if (ward === undefined || offer === undefined) return refuse(doorProblems.not_found)
    if (!ward.guardianship.jointly) {
      const consent = await given(ctx, ward, offer, [guardianship])
      return consent instanceof Refusal ? consent : { consent, proposal: null }
    }
    const proposal = {
      id: ctx.newId<'consent_proposal'>(),
      guardianship_id: guardianship,
      offer_id: offer.id,
      proposed_at: ctx.now,
      expires_at: addSeconds(ctx.now, proposalDays * daySeconds),
    }
    const { subject } = ward
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    if (!(await propose(ctx.tx, subject.id, proposal))) return refuse(consentsProblems.proposal_waits)
    return { consent: null, proposal: proposal.id }
  },
})

export const agreeForWard = operation({
  name: 'consents.agree_for_ward',
  summary: 'Agree, as the second of two guardians, to what the first proposed',
  description: 'The proposal of one whose own power has ended meanwhile counts no more.',
  input: z.strictObject({ guardianship: guardianshipKeySchema, proposal: idSchema('consent_proposal') }),
  output: ownConsentSchema,
  access: { action: 'create', on: ownConsent },
  audit: (_input, consent) => ({ object: { kind: 'consent', id: consent.id } }),
  http: { method: 'POST', path: '/v1/me/wards/:guardianship/proposals/:proposal/agree' },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001', proposal: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found, consentsProblems.already_given, consentsProblems.second_guardian_needed],
  async run(ctx, { guardianship, proposal: id }) {
    const ward = await wardOf(ctx.tx, ctx.principal, guardianship, ctx.now)
    const proposal = ward && (await waitingProposals(ctx.tx, ward.subject.id, ctx.now)).find((waiting) => waiting.id === id)
    const offer = proposal && (await openOffer(ctx.tx, proposal.offer_id))
    if (ward === undefined || proposal === undefined || offer === undefined) return refuse(doorProblems.not_found)
    const all = await guardiansOf(ctx.tx, ward.subject.id, guardiansMax)
    const first = all.find((one) => one.id === proposal.guardianship_id)
    if (first === undefined || (await standingOf(ctx.tx, all, ctx.now))(first) !== 'holds') return refuse(doorProblems.not_found)
    // Another entry for the same guardian is no second guardian.
    if (first.guardian_id === ward.guardianship.guardian_id) return refuse(consentsProblems.second_guardian_needed)
    if (!(await takeProposal(ctx.tx, ward.subject.id, id))) return refuse(doorProblems.not_found)
    return given(ctx, ward, offer, [first.id, guardianship])
  },
})

async function given(ctx: TransactionContext, { subject, guardianship }: Ward, offer: OfferView, guardianships: readonly Ward['guardianship']['id'][]) {
  const consent = await acceptOffer(ctx, subject, offer, {
    givenBy: { capacity: guardianship.basis, guardianships },
    born: guardianship.basis === 'parental_responsibility' ? guardianship.born : null,
  })
  if (consent instanceof Refusal) return consent
  return ownView(ctx.tx, ctx.node, ctx.now, consent)
}
