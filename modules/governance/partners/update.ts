import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { announce } from './events.ts'
import { partnersProblems } from './problems.ts'
import { partnerKeySchema, partnerNameSchema, partnerSchema, partnerStatuses } from './schema.ts'
import { mayBecome } from './status.ts'
import { lockPartner, updatePartner as updateRow } from './store.ts'

export const updatePartner = operation({
  name: 'partners.update',
  summary: 'Rename, suspend, activate or retire a partner',
  description: 'A suspended or retired partner is given nothing; the change takes effect everywhere within a second.',
  input: z
    .strictObject({ partner: partnerKeySchema, name: partnerNameSchema.optional(), status: z.enum(partnerStatuses).optional() })
    .refine((input) => input.name !== undefined || input.status !== undefined, 'send a name, a status or both'),
  output: partnerSchema,
  access: { action: 'update', on: () => ({ type: 'partner' }) },
  audit: (input, partner) => ({
    partner: partner.id,
    object: { kind: 'partner', id: partner.id },
    details: { renamed: input.name !== undefined, status: partner.status },
  }),
  http: { method: 'PATCH', path: '/v1/partners/:partner' },
  example: { input: { partner: 'harbour-clinic', status: 'suspended' } },
  problems: [doorProblems.not_found, partnersProblems.status_refused],
  async run(ctx, input) {
    const before = await lockPartner(ctx.tx, input.partner)
    if (before === undefined) return refuse(doorProblems.not_found)
    const partner = { ...before, name: input.name ?? before.name, status: input.status ?? before.status }
    if (!mayBecome(before.status, partner.status))
      return refuse(partnersProblems.status_refused, `from ${before.status} to ${partner.status} is no step in the life of a partner`, { partner: before.id })
    await updateRow(ctx.tx, partner.id, partner.name, partner.status)
    announce(ctx, partner, 'updated')
    return partner
  },
})
