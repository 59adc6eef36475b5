import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, registerSubjects, userIdSchema } from '../../../subjects/index.ts'
import { consentsProblems } from '../problems.ts'
import { namedOptOutSchema, optOutKeySchema, optOutSchema, optOutsMax } from './schema.ts'
import { checkOptOuts, lift, optOutViews, setOptOut } from './set.ts'
import { listOptOuts } from './store.ts'

export const recordOptOut = operation({
  name: 'consents.opt_out',
  summary: 'Record that a person opts out',
  description: 'On the person’s word. It counts at once. A person who is not known yet is registered.',
  input: namedOptOutSchema,
  output: optOutSchema,
  access: { action: 'create', on: () => ({ type: 'consent' }) },
  audit: (_input, { id }) => ({ object: { kind: 'opt_out', id } }),
  http: { method: 'POST', path: '/v1/opt-outs', status: 201 },
  example: { input: { user_id: 'EMP-0001', opt_out: { scope: 'purpose', purpose: 'dpv:Marketing' } } },
  problems: [consentsProblems.opt_out_refused, consentsProblems.opted_out_already, consentsProblems.person_erased],
  async run(ctx, { user_id, opt_out }) {
    await checkOptOuts(ctx.tx, ctx.node, [opt_out], ['/opt_out'])
    const subject = (await registerSubjects(ctx.tx, ctx.node, [user_id])).get(user_id)
    if (subject?.status !== 'active') return refuse(consentsProblems.person_erased)
    return setOptOut(ctx, subject, opt_out, 'staff')
  },
})

export const searchOptOuts = operation({
  name: 'consents.opt_outs',
  summary: 'List the opt-outs of a person',
  description: 'Newest first, lifted ones too. A person nobody knows has none.',
  input: z.strictObject({ user_id: userIdSchema }),
  output: z.strictObject({ opt_outs: z.array(optOutSchema) }),
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: (_input, { opt_outs }) => ({ details: { opt_outs: opt_outs.length } }),
  http: { method: 'POST', path: '/v1/opt-outs/search' },
  example: { input: { user_id: 'EMP-0001' } },
  async run(ctx, { user_id }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    if (subject === undefined) return { opt_outs: [] }
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    return { opt_outs: await optOutViews(ctx.tx, ctx.node, await listOptOuts(ctx.tx, subject.id, optOutsMax)) }
  },
})

export const liftPersonsOptOut = operation({
  name: 'consents.lift_opt_out',
  summary: 'Record that a person lifts an opt-out',
  input: z.strictObject({ opt_out: optOutKeySchema, user_id: userIdSchema }),
  output: optOutSchema,
  access: { action: 'update', on: () => ({ type: 'consent' }) },
  audit: ({ opt_out }) => ({ object: { kind: 'opt_out', id: opt_out } }),
  http: { method: 'POST', path: '/v1/opt-outs/:opt_out/lift' },
  example: { input: { opt_out: '0198c1de-7b3a-7c4d-8e5f-000000000001', user_id: 'EMP-0001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { opt_out, user_id }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    return subject === undefined ? refuse(doorProblems.not_found) : lift(ctx, subject, opt_out)
  },
})
