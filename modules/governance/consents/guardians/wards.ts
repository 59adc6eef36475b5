import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject, subjectById } from '../../../subjects/index.ts'
import { ownOffers } from '../offers/accept.ts'
import { offerKeySchema, ownOfferSchema } from '../offers/schema.ts'
import { ownViews } from '../own-view.ts'
import { ownConsent, ownConsentSchema } from '../schema.ts'
import { listConsents } from '../store.ts'
import { bases, guardianshipKeySchema, guardiansMax } from './schema.ts'
import { guardianshipsBy, waitingProposals } from './store.ts'
import { guardianViews, wardOf } from './ward.ts'

const consentsShown = 100

export const myWards = operation({
  name: 'consents.wards',
  summary: 'List for whom one may act now',
  description: 'Whoever is of age, or was taken from one’s care, is not among them.',
  input: z.strictObject({}),
  output: z.strictObject({
    wards: z.array(
      z.strictObject({
        guardianship: guardianshipKeySchema,
        label: sensitive(z.string()).nullable(),
        basis: z.enum(bases),
        until: instantSchema.nullable(),
        of_age_on: sensitive(z.string()).nullable(),
        jointly: z.boolean(),
      }),
    ),
  }),
  access: { action: 'read', on: ownConsent },
  audit: (_input, { wards }) => ({ details: { wards: wards.length } }),
  http: { method: 'GET', path: '/v1/me/wards' },
  example: { input: {} },
  problems: [doorProblems.not_found],
  async run(ctx) {
    const guardian = await ownSubject(ctx.tx, ctx.principal)
    if (guardian === undefined) return refuse(doorProblems.not_found)
    const rows = await guardianshipsBy(ctx.tx, guardian.id, guardiansMax)
    const [views, wards] = await Promise.all([guardianViews(ctx.tx, rows, ctx.now), Promise.all(rows.map(({ subject_id: ward }) => subjectById(ctx.tx, ward)))])
    return {
      wards: views.flatMap(({ id, state, label, basis, until, of_age_on, jointly }, index) =>
        state === 'holds' && wards[index]?.status === 'active' ? [{ guardianship: id, label, basis, until, of_age_on, jointly }] : [],
      ),
    }
  },
})

export const wardConsents = operation({
  name: 'consents.ward_consents',
  summary: 'List the consents of somebody one may act for, and what they are asked for',
  description: 'As that person reads them. What waits for the second guardian is listed apart.',
  input: z.strictObject({ guardianship: guardianshipKeySchema }),
  output: z.strictObject({
    consents: z.array(ownConsentSchema),
    offers: z.array(ownOfferSchema),
    waiting: z.array(
      z.strictObject({
        proposal: idSchema('consent_proposal'),
        offer: offerKeySchema,
        mine: z.boolean(),
        proposed_at: instantSchema,
        expires_at: instantSchema,
      }),
    ),
  }),
  access: { action: 'read', on: ownConsent },
  audit: ({ guardianship }, { consents }) => ({ object: { kind: 'guardianship', id: guardianship }, details: { consents: consents.length } }),
  http: { method: 'GET', path: '/v1/me/wards/:guardianship/consents' },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { guardianship }) {
    const ward = await wardOf(ctx.tx, ctx.principal, guardianship, ctx.now)
    if (ward === undefined) return refuse(doorProblems.not_found)
    const { subject } = ward
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    const [rows, offers, waiting] = await Promise.all([
      listConsents(ctx.tx, subject.id, { before: undefined, inForceAt: undefined, limit: consentsShown }),
      ownOffers(ctx.tx, ctx.node, subject.id, ctx.now),
      waitingProposals(ctx.tx, subject.id, ctx.now),
    ])
    return {
      consents: await ownViews(ctx.tx, ctx.node, ctx.now, rows),
      offers,
      waiting: waiting.map(({ id, offer_id, guardianship_id, proposed_at, expires_at }) => ({
        proposal: id,
        offer: offer_id,
        mine: guardianship_id === guardianship,
        proposed_at,
        expires_at,
      })),
    }
  },
})
