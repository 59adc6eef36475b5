/** What somebody does not want who cannot say so, in the words of a guardian. Each guardian may do it alone: to object is the careful side. */
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { optOutKeySchema, optOutSchema, optOutTermsSchema, ownOptOutsSchema } from '../opt-outs/schema.ts'
import { checkOptOuts, lift, optOutsOf, setOptOut } from '../opt-outs/set.ts'
import { consentsProblems } from '../problems.ts'
import { ownConsent } from '../schema.ts'
import { guardianshipKeySchema } from './schema.ts'
import { wardOf } from './ward.ts'

export const wardOptOuts = operation({
  name: 'consents.ward_opt_outs',
  summary: 'List what somebody one may act for does not want',
  input: z.strictObject({ guardianship: guardianshipKeySchema }),
  output: ownOptOutsSchema,
  access: { action: 'read', on: ownConsent },
  audit: ({ guardianship }, { opt_outs }) => ({ object: { kind: 'guardianship', id: guardianship }, details: { opt_outs: opt_outs.length } }),
  http: { method: 'GET', path: '/v1/me/wards/:guardianship/opt-outs' },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { guardianship }) {
    const ward = await wardOf(ctx.tx, ctx.principal, guardianship, ctx.now)
    if (ward === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: ward.subject.id, commitment: ward.subject.commitment } })
    return optOutsOf(ctx, ward.subject)
  },
})

export const optOutForWard = operation({
  name: 'consents.opt_out_for_ward',
  summary: 'Opt out for somebody one may act for',
  description: 'As when the person does it. Each guardian may do it alone, also where two have to agree to a consent.',
  input: z.strictObject({ guardianship: guardianshipKeySchema, opt_out: optOutTermsSchema }),
  output: optOutSchema,
  access: { action: 'create', on: ownConsent },
  audit: (_input, { id }) => ({ object: { kind: 'opt_out', id } }),
  http: { method: 'POST', path: '/v1/me/wards/:guardianship/opt-outs', status: 201 },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001', opt_out: { scope: 'purpose', purpose: 'dpv:Marketing' } } },
  problems: [doorProblems.not_found, consentsProblems.opt_out_refused, consentsProblems.opted_out_already],
  async run(ctx, { guardianship, opt_out }) {
    await checkOptOuts(ctx.tx, ctx.node, [opt_out], ['/opt_out'])
    const ward = await wardOf(ctx.tx, ctx.principal, guardianship, ctx.now)
    if (ward === undefined) return refuse(doorProblems.not_found)
    const set = await setOptOut(ctx, ward.subject, opt_out, 'guardian')
    if (!(set instanceof Refusal)) ctx.describe({ details: { scope: set.scope, guardianship } })
    return set
  },
})

export const liftForWard = operation({
  name: 'consents.lift_opt_out_for_ward',
  summary: 'Lift an opt-out of somebody one may act for',
  description: 'Only one that a guardian has set: what the person objected to alone, the person alone allows again.',
  input: z.strictObject({ guardianship: guardianshipKeySchema, opt_out: optOutKeySchema }),
  output: optOutSchema,
  access: { action: 'update', on: ownConsent },
  audit: ({ opt_out }) => ({ object: { kind: 'opt_out', id: opt_out } }),
  http: { method: 'POST', path: '/v1/me/wards/:guardianship/opt-outs/:opt_out/lift' },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001', opt_out: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found],
  async run(ctx, { guardianship, opt_out }) {
    const ward = await wardOf(ctx.tx, ctx.principal, guardianship, ctx.now)
    if (ward === undefined) return refuse(doorProblems.not_found)
    return lift(ctx, ward.subject, opt_out, 'guardian')
  },
})
