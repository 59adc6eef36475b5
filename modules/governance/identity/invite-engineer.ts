import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { findPartner } from '../partners/index.ts'
import { accountFor, invitationFor } from './invitation.ts'
import { problems } from './problems.ts'
import { invitationSchema, inviteEngineerInput } from './schema.ts'

export const inviteEngineer = operation({
  name: 'identity.invite_engineer',
  summary: 'Invite an engineer of a partner',
  description:
    'Whoever connects the partner’s systems: sees the partner’s own keys, webhooks and calls and nothing of anybody else. The link is shown once and sets the first password.',
  input: inviteEngineerInput,
  output: invitationSchema,
  access: { action: 'create', on: () => ({ type: 'engineer_account' }) },
  audit: (_input, { user }) => ({ ...(user.partner === null ? {} : { partner: user.partner }), object: { kind: 'user', id: user.id } }),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/engineers/invitations', status: 201 },
  example: { input: { partner: 'acme-bank', email: 'edsger@acme-bank.example', name: 'Edsger Dijkstra' } },
  problems: [problems.no_partner, problems.email_taken],
  async run(ctx, { partner: named, email, name }) {
    const partner = await findPartner(ctx.tx, named)
    if (partner?.status !== 'active') return refuse(problems.no_partner)
    const user = await accountFor(ctx, { email, name, roles: ['engineer'], partner_id: partner.id, subject_id: null })
    return user === undefined ? refuse(problems.email_taken, undefined, { partner: partner.id }) : invitationFor(ctx, user)
  },
})
