import { Problem } from '@gatehouse/core/problem'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { beginSession } from '../begin-session.ts'
import { stoppedAtEntrance } from '../entrance.ts'
import { problems } from '../problems.ts'
import { passkeyAnswer, signedInSchema } from '../schema.ts'
import { settle } from '../settle.ts'
import { stands } from '../standing.ts'
import { userById } from '../store.ts'
import { principalOf, signedInFacts } from '../user.ts'
import { answeredBy, userHandleOf } from './passkey.ts'
import { lockFactorByCredential } from './store.ts'

export const signInByPasskey = operation({
  name: 'identity.sign_in_passkey',
  summary: 'Sign in with a passkey and no password',
  description: 'The authenticator asks for a finger, a face or a PIN, so a passkey is two factors in one.',
  input: z.strictObject({ passkey: passkeyAnswer }),
  output: signedInSchema,
  access: { public: 'Whoever signs in is not yet anybody.' },
  audit: (_input, output) => signedInFacts(output),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/sign-in/passkey' },
  example: { input: { passkey: { id: '…', rawId: '…', type: 'public-key', response: {}, clientExtensionResults: {} } } },
  problems: [problems.factor_refused, problems.account_closed, problems.sso_required, problems.signed_in, problems.foreign_origin],
  async run(ctx, { passkey }) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const key = await lockFactorByCredential(ctx.tx, passkey.id, userHandleOf(passkey))
    // Checked before the act narrows to the institution: the challenge belongs to nobody yet.
    if (key === undefined || !(await answeredBy(ctx, key, passkey, 'enter')))
      return refuse(problems.factor_refused, undefined, { details: { reason: 'refused' } })
    const user = await userById(ctx.tx, key.tenant_id, key.user_id)
    if (user === undefined || user.disabled_at !== null) return refuse(problems.factor_refused, undefined, { details: { reason: 'closed' } })
    const session = await beginSession(ctx.node, { tx: ctx.tx, tenant: user.tenant_id, now: ctx.now, newId: ctx.newId }, user.id)
    await ctx.actAs(principalOf(user.tenant_id, user.id, user, { session: session.id }))
    if (!(await stands(ctx.tx, user, ctx.now))) throw new Problem(problems.account_closed)
    return settle(ctx, user, session, 'passkey')
  },
})
