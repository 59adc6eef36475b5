import type { Id } from '@gatehouse/core/id'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from './problems.ts'
import { deleteSession } from './sessions/store.ts'

export const signOut = operation({
  name: 'identity.sign_out',
  summary: 'End the session of this browser',
  input: z.strictObject({}),
  output: z.strictObject({ session: z.string() }),
  access: { action: 'delete', on: (_input, principal) => ({ type: 'session', owner: principal.id }) },
  audit: (_input, output) => ({ details: { session: output.session } }),
  session: 'ends',
  http: { method: 'POST', path: '/v1/auth/sign-out' },
  example: { input: {} },
  problems: [problems.no_session],
  async run(ctx) {
    const { session } = ctx.principal
    if (session === undefined) return refuse(problems.no_session)
    await deleteSession(ctx.tx, ctx.tenant, ctx.principal.id, session as Id<'session'>)
    return { session }
  },
})
