import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { partnerKeySchema, partnerResource, partnerSchema, receiverKeySchema } from './schema.ts'
import { standingOf } from './status.ts'
import { findPartner, listKeys } from './store.ts'

export const readPartner = operation({
  name: 'partners.read',
  summary: 'Read a partner and its receiver keys',
  description: 'By id or by reference. A partner reads itself; every other partner is "not found" to it.',
  input: z.strictObject({ partner: partnerKeySchema }),
  output: partnerSchema.extend({ keys: z.array(receiverKeySchema) }),
  access: { action: 'read', on: partnerResource },
  audit: { none: 'metadata of an institution, nothing of a person' },
  http: { method: 'GET', path: '/v1/partners/:partner' },
  example: { input: { partner: 'harbour-clinic' } },
  problems: [doorProblems.not_found],
  async run({ tx, principal, now }, input) {
    const partner = await findPartner(tx, input.partner)
    if (partner === undefined || (principal.partner !== undefined && principal.partner !== partner.id)) return refuse(doorProblems.not_found)
    // Whoever is looked into is not warned.
    const reason = principal.partner === undefined ? partner.reason : null
    return { ...partner, status: standingOf(partner, now), reason, keys: await listKeys(tx, partner.id) }
  },
})
