import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { deleteUser, userBySubject } from './store.ts'

export const closePerson = operation({
  name: 'identity.close_person',
  summary: 'Close the account of a person',
  description: 'Address, password and sessions are removed, within a second everywhere. The person may be invited again, under another address too.',
  input: z.strictObject({ user_id: userIdSchema }),
  output: z.strictObject({ user: idSchema('user') }),
  access: { action: 'delete', on: () => ({ type: 'person_account' }) },
  audit: (_input, { user }) => ({ object: { kind: 'user', id: user } }),
  http: { method: 'POST', path: '/v1/people/closures' },
  example: { input: { user_id: 'C000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { user_id }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    const user = subject && (await userBySubject(ctx.tx, ctx.tenant, subject.id))
    if (subject === undefined || user === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    await deleteUser(ctx.tx, ctx.tenant, user.id)
    return { user: user.id }
  },
})
