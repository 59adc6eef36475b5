import { addSeconds } from '@gatehouse/core/instant'
import { instantSchema } from '@gatehouse/core/schema'
import { issueToken } from '@gatehouse/crypto/token'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from './problems.ts'
import { inviteInput, limits, userSchema } from './schema.ts'
import { insertUser, replaceInvitation, userByEmail } from './store.ts'
import { userOf } from './user.ts'

export const invite = operation({
  name: 'identity.invite',
  summary: 'Invite a person',
  description: 'The link is shown once and sets the first password. Inviting the same address again replaces the link while it is unused.',
  input: inviteInput,
  output: z.strictObject({
    user: userSchema,
    token: z.string(),
    /** The token stands in the fragment, which browsers send to nobody. */
    link: z.string(),
    expires_at: instantSchema,
  }),
  access: { action: 'create', on: () => ({ type: 'user' }) },
  audit: (input, output) => ({ object: { kind: 'user', id: output.user.id }, details: { roles: input.roles } }),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/users', status: 201 },
  example: { input: { email: 'grace@example.org', name: 'Grace Hopper', roles: ['officer'] } },
  problems: [problems.email_taken],
  async run(ctx, { email, name, roles }) {
    const { tx, tenant, now } = ctx
    const known = await userByEmail(tx, tenant, email)
    if (known !== undefined && (known.active || known.disabled_at !== null)) return refuse(problems.email_taken)
    const user = known ?? { tenant_id: tenant, id: ctx.newId<'user'>(), email, name, roles, created_at: now, disabled_at: null, active: false }
    if (known === undefined && !(await insertUser(tx, user))) return refuse(problems.email_taken)
    const { token, hash } = issueToken(ctx.node.keys.primitives, 'ghi_')
    const expiresAt = addSeconds(now, limits.invitationHours * 3600)
    await replaceInvitation(tx, { tenant_id: tenant, id: ctx.newId<'invitation'>(), user_id: user.id, created_at: now, expires_at: expiresAt }, hash)
    return { user: userOf(user), token, link: `${ctx.node.addresses.origin}/accept-invitation#${token}`, expires_at: expiresAt }
  },
})
