import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { managedUser } from './managed-user.ts'
import { userSchema } from './schema.ts'
import { userOf } from './user.ts'

export const readUser = operation({
  name: 'identity.user',
  summary: 'Read one of the staff, or an engineer',
  input: z.strictObject({ user: idSchema('user') }),
  output: userSchema,
  access: { action: 'read', on: (input) => ({ type: 'user', id: input.user, owner: input.user }) },
  audit: { none: "It tells of the institution's own staff and its partners', and of no person whose records are kept." },
  http: { method: 'GET', path: '/v1/users/:user' },
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa' } },
  problems: [doorProblems.not_found],
  run: async ({ tx, tenant }, { user }) => userOf(await managedUser(tx, tenant, user)),
})
