import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from './problems.ts'
import { userRoles, userSchema } from './schema.ts'
import { changeUser, deleteSessionsOf, lockAdministrators, revokeKeysOf, userById } from './store.ts'
import { userOf } from './user.ts'

export const updateUser = operation({
  name: 'identity.update_user',
  summary: "Change a person's roles, or disable the account",
  description: 'Disabling ends all sessions and revokes all keys of the person. Both take effect within a second.',
  input: z.strictObject({
    user: idSchema('user'),
    roles: z.array(z.enum(userRoles)).min(1).max(userRoles.length).optional(),
    disabled: z.boolean().optional(),
  }),
  output: userSchema,
  access: { action: 'update', on: (input) => ({ type: 'user', id: input.user }) },
  audit: (input, output) => ({ object: { kind: 'user', id: input.user }, details: { roles: output.roles, status: output.status } }),
  http: { method: 'PATCH', path: '/v1/users/:user' },
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa', roles: ['officer', 'auditor'] } },
  problems: [problems.last_administrator, doorProblems.not_found],
  async run({ tx, tenant, now }, input) {
    const administrators = await lockAdministrators(tx, tenant)
    const user = await userById(tx, tenant, input.user)
    if (user === undefined) throw new Problem(doorProblems.not_found)
    const roles = input.roles ?? user.roles
    const disabledAt = input.disabled === undefined ? user.disabled_at : input.disabled ? (user.disabled_at ?? now) : null
    const stays = disabledAt === null && roles.includes('administrator')
    if (!stays && administrators.length === 1 && administrators[0] === user.id) return refuse(problems.last_administrator)
    await changeUser(tx, tenant, user.id, roles, disabledAt)
    if (disabledAt !== null) await Promise.all([deleteSessionsOf(tx, tenant, user.id), revokeKeysOf(tx, tenant, user.id, now)])
    return userOf({ ...user, roles, disabled_at: disabledAt })
  },
})
