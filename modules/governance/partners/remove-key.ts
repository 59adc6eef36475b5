import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { announce } from './events.ts'
import { partnerKeySchema } from './schema.ts'
import { deleteKey, lockPartner } from './store.ts'

export const removePartnerKey = operation({
  name: 'partners.remove_key',
  summary: 'Remove a receiver key',
  description: 'What is released to the key and not yet collected can no longer be collected with it, everywhere within a second.',
  input: z.strictObject({ partner: partnerKeySchema, key: idSchema('key') }),
  output: z.strictObject({ partner: idSchema('partner'), thumbprint: z.string() }),
  access: { action: 'delete', on: () => ({ type: 'partner_key' }) },
  audit: (input, output) => ({ partner: output.partner, object: { kind: 'partner_key', id: input.key }, details: { thumbprint: output.thumbprint } }),
  http: { method: 'DELETE', path: '/v1/partners/:partner/keys/:key' },
  example: { input: { partner: 'harbour-clinic', key: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, input) {
    const partner = await lockPartner(ctx.tx, input.partner)
    const thumbprint = partner && (await deleteKey(ctx.tx, partner.id, input.key))
    if (partner === undefined || thumbprint === undefined) return refuse(doorProblems.not_found)
    announce(ctx, partner, 'key_removed')
    return { partner: partner.id, thumbprint }
  },
})
