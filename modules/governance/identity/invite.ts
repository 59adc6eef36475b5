import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { accountFor, invitationFor } from './invitation.ts'
import { problems } from './problems.ts'
import { invitationSchema, inviteInput } from './schema.ts'

export const invite = operation({
  name: 'identity.invite',
  summary: 'Invite somebody of the staff',
  description: 'The link is shown once and sets the first password. Inviting the same address again replaces the link while it is unused.',
  input: inviteInput,
  output: invitationSchema,
  access: { action: 'create', on: () => ({ type: 'user' }) },
  audit: (_input, { user }) => ({ object: { kind: 'user', id: user.id }, details: { roles: user.roles } }),
  secretOutput: true,
  stepUp: true,
  http: { method: 'POST', path: '/v1/users', status: 201 },
  example: { input: { email: 'grace@example.org', name: 'Grace Hopper', roles: ['officer'] } },
  problems: [problems.email_taken],
  async run(ctx, input) {
    const user = await accountFor(ctx, { ...input, partner_id: null, subject_id: null })
    return user === undefined ? refuse(problems.email_taken) : invitationFor(ctx, user)
  },
})
