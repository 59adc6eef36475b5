import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { codeInput, phoneSchema } from '../schema.ts'
import { userById } from '../store.ts'
import { stopsAdding } from './may-add.ts'
import { phoneShown } from './phone.ts'
import { counted, refusedProof } from './prove.ts'
import { renew } from './renew.ts'
import { weakerWays } from './required.ts'
import { spendsCode } from './sent-code.ts'
import { confirmPhone as confirm, factorsOf, phoneById } from './store.ts'

export const confirmPhone = operation({
  name: 'identity.confirm_phone',
  summary: 'Confirm a telephone by the code that went to it',
  description: 'It takes the place of an earlier one. The session goes on under another token.',
  input: z.strictObject({ phone: idSchema('phone'), code: codeInput }),
  output: z.strictObject({ session_token: z.string(), phone: phoneSchema, expires_at: instantSchema }),
  access: { action: 'create', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: ({ phone }) => ({ object: { kind: 'phone', id: phone } }),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/phones/:phone/confirm' },
  example: { input: { phone: '01980000-0000-7000-8000-000000000001', code: '12345678' } },
  problems: [
    ...[problems.factor_refused, problems.factor_too_weak, doorProblems.not_found],
    ...[problems.too_many_factors, doorProblems.step_up_required, problems.no_session],
  ],
  async run(ctx, { phone: id, code }) {
    const stopped = await stopsAdding(ctx)
    if (stopped !== undefined) return stopped
    const { tx, tenant, principal, node, now } = ctx
    const user = await userById(tx, tenant, principal.id as Id<'user'>)
    const phone = await phoneById(tx, tenant, principal.id, id)
    if (user === undefined || phone === undefined || phone.confirmed_at !== null) throw new Problem(doorProblems.not_found)
    if (!(await weakerWays(ctx, user, await factorsOf(tx, tenant, user.id))).sms) return refuse(problems.factor_too_weak)
    const proven = await counted(ctx, async () => ((await spendsCode(ctx, id, code)) ? 'sms' : undefined))
    if ('reason' in proven) return refusedProof(proven)
    await confirm(tx, tenant, user.id, id, now)
    const renewed = await renew(ctx, false)
    if (renewed === undefined) return refuse(problems.no_session)
    return { session_token: renewed.session_token, phone: await phoneShown(node, phone), expires_at: renewed.session.expires_at }
  },
})
