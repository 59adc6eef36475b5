import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { findSubject } from '../../subjects/index.ts'
import { accountFor, invitationFor } from './invitation.ts'
import { problems } from './problems.ts'
import { invitationSchema, invitePersonInput } from './schema.ts'
import { userBySubject } from './store.ts'

export const invitePerson = operation({
  name: 'identity.invite_person',
  summary: 'Invite a person whose records are kept',
  description:
    'The person then sees what left about them and why, and their own consents. Hand the link to the person on a way that you know to be theirs: it is shown once and sets the first password. An id nobody has and that of an erased person get one answer.',
  input: invitePersonInput,
  output: invitationSchema,
  access: { action: 'create', on: () => ({ type: 'person_account' }) },
  audit: (_input, { user }) => ({ object: { kind: 'user', id: user.id } }),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/people/invitations', status: 201 },
  example: { input: { user_id: 'C000001', email: 'jane@example.org' } },
  problems: [problems.no_person, problems.person_has_account, problems.email_taken],
  async run(ctx, { user_id, email, name }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    if (subject?.status !== 'active') return refuse(problems.no_person)
    const person = { subject: { id: subject.id, commitment: subject.commitment } }
    ctx.describe(person)
    const known = await userBySubject(ctx.tx, ctx.tenant, subject.id)
    if (known !== undefined && (known.active || known.email !== email)) return refuse(problems.person_has_account, undefined, person)
    const user = await accountFor(ctx, { email, name: name ?? email, roles: ['person'], partner_id: null, subject_id: subject.id })
    return user === undefined ? refuse(problems.email_taken, undefined, person) : invitationFor(ctx, user)
  },
})
