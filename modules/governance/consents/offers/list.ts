import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { offerSchema, offersMax } from './schema.ts'
import { listOffers } from './store.ts'

export const offers = operation({
  name: 'consents.offers',
  summary: 'List what people are asked to agree to',
  description: 'Newest first.',
  input: z.strictObject({ retired: z.stringbool().default(false).describe('With those that are retired') }),
  output: z.strictObject({ data: z.array(offerSchema) }),
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: { none: 'what the institution asks everybody' },
  http: { method: 'GET', path: '/v1/consent-offers' },
  example: { input: {} },
  run: async ({ tx }, { retired }) => ({ data: await listOffers(tx, retired, retired ? 10 * offersMax : offersMax) }),
})
