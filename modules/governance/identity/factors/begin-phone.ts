import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { phoneNumber, phoneSchema } from '../schema.ts'
import { userById } from '../store.ts'
import { stopsAdding } from './may-add.ts'
import { phoneShown, sealNumber } from './phone.ts'
import { weakerWays } from './required.ts'
import { codeQueue } from './send-code.ts'
import { stopsSending } from './sent-code.ts'
import { factorsOf, insertPhone } from './store.ts'

export const beginPhone = operation({
  name: 'identity.begin_phone',
  summary: 'Give the telephone that codes go to',
  description:
    'For whoever has no app and no passkey, where the institution takes codes by SMS. A code goes to the number; until it comes back, the number proves nothing and an earlier one goes on.',
  input: z.strictObject({ number: phoneNumber }),
  output: phoneSchema,
  access: { action: 'create', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: (_input, { id }) => ({ object: { kind: 'phone', id } }),
  http: { method: 'POST', path: '/v1/auth/phones', status: 202 },
  example: { input: { number: '+43 660 1234567' } },
  problems: [problems.factor_too_weak, problems.too_many_codes, problems.too_many_factors, doorProblems.step_up_required, problems.no_session],
  async run(ctx, { number }) {
    const stopped = await stopsAdding(ctx)
    if (stopped !== undefined) return stopped
    const { tx, tenant, principal, node, now } = ctx
    const user = await userById(tx, tenant, principal.id as Id<'user'>)
    if (user === undefined) throw new Problem(doorProblems.not_found)
    if (!(await weakerWays(ctx, user, await factorsOf(tx, tenant, user.id))).sms) return refuse(problems.factor_too_weak)
    const tooMany = await stopsSending(ctx, 'sms')
    if (tooMany !== undefined) return tooMany
    const place = { tenant_id: tenant, id: ctx.newId<'phone'>(), user_id: user.id }
    const phone = { ...place, sealed: await sealNumber(node, place, number), created_at: now, confirmed_at: null }
    await insertPhone(tx, phone)
    await node.queue.enqueue(tx, codeQueue, { tenant, user: user.id, session: principal.session, phone: phone.id })
    return phoneShown(node, phone)
  },
})
