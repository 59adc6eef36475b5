import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { managedUser } from './managed-user.ts'
import { pageOf } from './page.ts'
import { sessionSchema } from './schema.ts'
import { sessionOf } from './session.ts'
import { sessionsOf } from './sessions/store.ts'

export const listUserSessions = operation({
  name: 'identity.user_sessions',
  summary: 'List the sessions of a user',
  input: z.strictObject({ user: idSchema('user'), ...pageQuery }),
  output: pageSchema(sessionSchema),
  access: { action: 'read', on: (input) => ({ type: 'session', owner: input.user }) },
  audit: { none: 'It tells when somebody of the staff or of a partner was here, and nothing of a person whose records are kept.' },
  http: { method: 'GET', path: '/v1/users/:user/sessions' },
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa' } },
  problems: [doorProblems.not_found],
  async run({ tx, tenant, principal, now }, { user, cursor, limit }) {
    const { id } = await managedUser(tx, tenant, user)
    return pageOf(limit, cursor, async (after, count) => (await sessionsOf(tx, tenant, id, now, after, count)).map((row) => sessionOf(row, principal)))
  },
})
