import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { limits } from '../schema.ts'
import { userById } from '../store.ts'
import { weakerWays } from './required.ts'
import { codeQueue } from './send-code.ts'
import { stopsSending } from './sent-code.ts'
import { factorsOf } from './store.ts'

export const askCode = operation({
  name: 'identity.ask_code',
  summary: 'Ask for a code by mail or SMS',
  description:
    'For whoever has no stronger factor, where the institution takes such a code as the second one. It goes to the address of the account, or to the telephone that its owner has confirmed, and serves this session once.',
  input: z.strictObject({ by: z.enum(['mail', 'sms']).default('mail') }),
  output: z.strictObject({ minutes: z.int() }),
  access: { action: 'use', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: ({ by }) => ({ details: { by } }),
  http: { method: 'POST', path: '/v1/auth/factor/code', status: 202 },
  example: { input: {} },
  problems: [problems.factor_too_weak, problems.too_many_codes, problems.no_session],
  async run(ctx, { by }) {
    const { tx, tenant, principal, node } = ctx
    if (principal.session === undefined) return refuse(problems.no_session)
    const user = await userById(tx, tenant, principal.id as Id<'user'>)
    if (user === undefined) throw new Problem(doorProblems.not_found)
    const ways = await weakerWays(ctx, user, await factorsOf(tx, tenant, user.id))
    const phone = by === 'sms' ? ways.phone : undefined
    if (by === 'sms' ? phone === undefined : !ways.mail) return refuse(problems.factor_too_weak)
    const stopped = await stopsSending(ctx, by)
    if (stopped !== undefined) return stopped
    await node.queue.enqueue(tx, codeQueue, { tenant, user: user.id, session: principal.session, ...(phone === undefined ? {} : { phone: phone.id }) })
    return { minutes: limits.codeMinutes }
  },
})
