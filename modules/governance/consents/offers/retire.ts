import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { offerKeySchema, offerSchema } from './schema.ts'
import { retireOffer as retire } from './store.ts'

export const retireOffer = operation({
  name: 'consents.retire_offer',
  summary: 'Ask people for a consent no more',
  description: 'Consents that were given to it stay in force.',
  input: z.strictObject({ offer: offerKeySchema }),
  output: offerSchema,
  access: { action: 'delete', on: () => ({ type: 'consent' }) },
  audit: ({ offer }) => ({ object: { kind: 'consent_offer', id: offer } }),
  http: { method: 'DELETE', path: '/v1/consent-offers/:offer' },
  example: { input: { offer: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  run: async ({ tx, now }, { offer }) => (await retire(tx, offer, now)) ?? refuse(doorProblems.not_found),
})
