import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { managedUser } from './managed-user.ts'
import { deleteSession } from './sessions/store.ts'

export const endUserSession = operation({
  name: 'identity.end_user_session',
  summary: 'End a session of a user',
  description: 'It is refused within a second, and what it follows live ends with it.',
  input: z.strictObject({ user: idSchema('user'), session: idSchema('session') }),
  output: z.strictObject({ session: idSchema('session') }),
  access: { action: 'delete', on: (input) => ({ type: 'session', id: input.session, owner: input.user }) },
  audit: (input, output) => ({ object: { kind: 'user', id: input.user }, details: { session: output.session } }),
  http: { method: 'DELETE', path: '/v1/users/:user/sessions/:session' },
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa', session: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, tenant }, { user, session }) {
    const { id } = await managedUser(tx, tenant, user)
    if (!(await deleteSession(tx, tenant, id, session))) throw new Problem(doorProblems.not_found)
    return { session }
  },
})
