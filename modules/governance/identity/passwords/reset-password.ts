import { Problem } from '@gatehouse/core/problem'
import { parseToken, tokenHash } from '@gatehouse/crypto/token'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { credentialsOf } from '../credentials.ts'
import { stoppedAtEntrance } from '../entrance.ts'
import { deleteDevicesOf } from '../factors/store.ts'
import { problems } from '../problems.ts'
import { acceptInput, signedInSchema } from '../schema.ts'
import { deleteSessionsOf } from '../sessions/store.ts'
import { settle } from '../settle.ts'
import { stands } from '../standing.ts'
import { userById } from '../store.ts'
import { principalOf, signedInFacts } from '../user.ts'
import { refusedPassword } from './refuse-password.ts'
import { lockReset, spendResets } from './store.ts'

export const resetPassword = operation({
  name: 'identity.reset_password',
  summary: 'Set a new password by a link, and sign in',
  description: 'A second factor is asked for all the same. All sessions and remembered devices of the account end.',
  input: acceptInput,
  output: signedInSchema,
  access: { public: 'Whoever has forgotten the password cannot sign in; the token is the permission.' },
  audit: (_input, output) => signedInFacts(output),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/reset-password' },
  example: { input: { token: 'ghr_…', password: 'five calm badgers sing' } },
  problems: [problems.token_refused, problems.password_refused, problems.account_closed, problems.sso_required, problems.signed_in, problems.foreign_origin],
  async run(ctx, { token, password }) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const parsed = parseToken(token, 'ghr_')
    const reset = parsed && (await lockReset(ctx.tx, tokenHash(ctx.node.keys.primitives, parsed), ctx.now))
    const user = reset === undefined ? undefined : await userById(ctx.tx, reset.tenant_id, reset.user_id)
    if (reset === undefined || user === undefined || user.disabled_at !== null) return refuse(problems.token_refused)
    const fault = refusedPassword(password, user)
    if (fault !== undefined) return fault
    const act = { tx: ctx.tx, tenant: user.tenant_id, now: ctx.now, newId: ctx.newId }
    const credentials = ctx.node.of(credentialsOf)
    await spendResets(ctx.tx, user.tenant_id, user.id)
    await credentials.changePassword(act, user.id, password)
    await deleteSessionsOf(ctx.tx, user.tenant_id, user.id)
    await deleteDevicesOf(ctx.tx, user.tenant_id, user.id)
    const session = await credentials.signIn(act, user.email, password)
    if (session === undefined) throw new Error('a password that was just set does not sign in')
    await ctx.actAs(principalOf(user.tenant_id, user.id, user, { session: session.id }))
    if (!(await stands(ctx.tx, user, ctx.now))) throw new Problem(problems.account_closed)
    return settle(ctx, user, session, 'password')
  },
})
