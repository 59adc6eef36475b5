import { nodeTenant } from '@gatehouse/runtime/base/context'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { stoppedAtEntrance } from '../entrance.ts'
import { problems } from '../problems.ts'
import { email, limits } from '../schema.ts'
import { usersWithEmail } from '../store.ts'
import { resetQueue } from './send-reset.ts'

export const forgotPassword = operation({
  name: 'identity.forgot_password',
  summary: 'Ask for a link that sets a new password',
  description: 'The answer is the same for every address, and the letter leaves later: neither tells who has an account.',
  input: z.strictObject({ email }),
  output: z.strictObject({ minutes: z.int() }),
  access: { public: 'Whoever has forgotten the password cannot sign in; the link goes to the address of the account and nowhere else.' },
  audit: () => ({ details: { asked: true } }),
  http: { method: 'POST', path: '/v1/auth/forgot-password', status: 202 },
  example: { input: { email: 'ada@example.org' } },
  problems: [problems.signed_in, problems.foreign_origin],
  async run(ctx, input) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const users = await usersWithEmail(ctx.tx, input.email)
    const known = users.filter(({ active }) => active)
    // A letter for nobody is begun too, so that both take as long.
    const wanted = known.length === 0 ? [{ tenant: nodeTenant, user: null }] : known.map(({ tenant_id, id }) => ({ tenant: tenant_id, user: id }))
    for (const { tenant, user } of wanted) await ctx.node.queue.enqueue(ctx.tx, resetQueue, { tenant, user })
    return { minutes: limits.resetMinutes }
  },
})
