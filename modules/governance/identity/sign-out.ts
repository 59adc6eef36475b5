import type { Id } from '@gatehouse/core/id'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from './problems.ts'
import { exitOf } from './providers/exit.ts'
import { leaveSession } from './sessions/store.ts'

export const signOut = operation({
  name: 'identity.sign_out',
  kind: 'steps',
  summary: 'End the session of this browser',
  input: z.strictObject({}),
  output: z.strictObject({
    session: z.string(),
    /** Where the browser goes to sign out there too, where its institution wants that. */
    location: z.string().nullable(),
  }),
  access: { action: 'delete', on: (_input, principal) => ({ type: 'session', owner: principal.id }) },
  audit: (_input, output) => ({ details: { session: output.session } }),
  session: 'ends',
  http: { method: 'POST', path: '/v1/auth/sign-out' },
  example: { input: {} },
  problems: [problems.no_session],
  async run(ctx) {
    const { session } = ctx.principal
    if (session === undefined) return refuse(problems.no_session)
    const left = await ctx.step((tx) => leaveSession(tx, ctx.tenant, ctx.principal.id, session as Id<'session'>))
    return { session, location: left === undefined ? null : await exitOf(ctx.node, ctx.tenant, left) }
  },
})
