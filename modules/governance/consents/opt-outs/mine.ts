import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject } from '../../../subjects/index.ts'
import { consentsProblems } from '../problems.ts'
import { ownConsent } from '../schema.ts'
import { optOutKeySchema, optOutSchema, optOutTermsSchema, ownOptOutsSchema } from './schema.ts'
import { checkOptOuts, lift, optOutsOf, setOptOut } from './set.ts'

export const myOptOuts = operation({
  name: 'consents.opt_outs_mine',
  summary: 'List one’s own opt-outs, what one could opt out of, and what no opt-out binds',
  input: z.strictObject({}),
  output: ownOptOutsSchema,
  access: { action: 'read', on: ownConsent },
  audit: (_input, { opt_outs }) => ({ details: { opt_outs: opt_outs.length } }),
  http: { method: 'GET', path: '/v1/me/opt-outs' },
  example: { input: {} },
  problems: [doorProblems.not_found],
  async run(ctx) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    return optOutsOf(ctx, subject)
  },
})

export const setMyOptOut = operation({
  name: 'consents.opt_out_mine',
  summary: 'Opt out of everything, of a purpose, or of the use of a kind of data',
  description: 'It counts at once, also for tokens that are out, and whatever permits the use; only purposes that the law exempts go on.',
  input: z.strictObject({ opt_out: optOutTermsSchema }),
  output: optOutSchema,
  access: { action: 'create', on: ownConsent },
  audit: (_input, { id }) => ({ object: { kind: 'opt_out', id } }),
  http: { method: 'POST', path: '/v1/me/opt-outs', status: 201 },
  example: { input: { opt_out: { scope: 'purpose', purpose: 'dpv:Marketing' } } },
  problems: [doorProblems.not_found, consentsProblems.opt_out_refused, consentsProblems.opted_out_already],
  async run(ctx, { opt_out }) {
    await checkOptOuts(ctx.tx, ctx.node, [opt_out], ['/opt_out'])
    const subject = await ownSubject(ctx.tx, ctx.principal)
    return subject === undefined ? refuse(doorProblems.not_found) : setOptOut(ctx, subject, opt_out, 'person')
  },
})

export const liftMyOptOut = operation({
  name: 'consents.lift_opt_out_mine',
  summary: 'Lift one’s own opt-out',
  description: 'What policies and consents permit is permitted again. That of anybody else is not found.',
  input: z.strictObject({ opt_out: optOutKeySchema }),
  output: optOutSchema,
  access: { action: 'update', on: ownConsent },
  audit: ({ opt_out }) => ({ object: { kind: 'opt_out', id: opt_out } }),
  http: { method: 'POST', path: '/v1/me/opt-outs/:opt_out/lift' },
  example: { input: { opt_out: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { opt_out }) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    return subject === undefined ? refuse(doorProblems.not_found) : lift(ctx, subject, opt_out)
  },
})
