import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { enter } from './enter.ts'
import { stoppedAtEntrance } from './entrance.ts'
import { invited } from './invited.ts'
import { refusedPassword } from './passwords/refuse-password.ts'
import { problems } from './problems.ts'
import { acceptInput, signedInSchema } from './schema.ts'
import { spendInvitation } from './store.ts'
import { signedInFacts } from './user.ts'

export const acceptInvitation = operation({
  name: 'identity.accept_invitation',
  summary: 'Set a password with an invitation, and sign in',
  input: acceptInput,
  output: signedInSchema,
  access: { public: 'Whoever was invited has no password yet; the token is the permission.' },
  audit: (_input, output) => signedInFacts(output),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/accept-invitation' },
  example: { input: { token: 'ghi_…', password: 'four quiet otters read' } },
  problems: [problems.token_refused, problems.password_refused, problems.account_closed, problems.sso_required, problems.signed_in, problems.foreign_origin],
  async run(ctx, { token, password }) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const found = await invited(ctx, token)
    if (found === undefined) return refuse(problems.token_refused)
    const fault = refusedPassword(password, found.user)
    if (fault !== undefined) return fault
    await spendInvitation(ctx.tx, found.invitation)
    return enter(ctx, found.user, password)
  },
})
