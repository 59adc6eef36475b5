import { instantSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { announce } from './events.ts'
import { partnersProblems } from './problems.ts'
import { ownRecipients, type Partner, partnerNameSchema, partnerSchema, referenceSchema } from './schema.ts'
import { partnerLife } from './status.ts'
import { insertPartner } from './store.ts'

export const createPartner = operation({
  name: 'partners.create',
  summary: 'Register a partner',
  description:
    'A partner is whoever may be given something from the records. The reference is its public partner_id and never changes. With `expires_at` its standing ends at that moment by itself.',
  input: z.strictObject({ reference: referenceSchema, name: partnerNameSchema, expires_at: instantSchema.optional() }),
  output: partnerSchema,
  access: { action: 'create', on: () => ({ type: 'partner' }) },
  audit: (_input, partner) => ({ partner: partner.id, object: { kind: 'partner', id: partner.id } }),
  http: { method: 'POST', path: '/v1/partners', status: 201 },
  example: { input: { reference: 'harbour-clinic', name: 'Harbour Clinic' } },
  problems: [partnersProblems.reference_taken, partnersProblems.expiry_refused],
  async run(ctx, input) {
    // A partner of such a name would get what is meant for somebody else.
    if (Object.hasOwn(ownRecipients, input.reference))
      return refuse(partnersProblems.reference_taken, `the reference ${input.reference} has a meaning of its own`)
    const { expires_at = null } = input
    if (expires_at !== null && expires_at <= ctx.now) return refuse(partnersProblems.expiry_refused)
    const partner: Partner = { id: ctx.newId<'partner'>(), ...input, status: partnerLife.initial, expires_at, reason: null, created_at: ctx.now }
    if (!(await insertPartner(ctx.tx, partner))) return refuse(partnersProblems.reference_taken, `the reference ${input.reference} is taken`)
    announce(ctx, partner, 'created')
    return partner
  },
})
