import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { changeAccount } from './change-account.ts'
import { managedUser } from './managed-user.ts'
import { problems } from './problems.ts'
import { rolesInput, userSchema } from './schema.ts'
import { lastAdministrator } from './store.ts'
import { userOf } from './user.ts'

export const updateUser = operation({
  name: 'identity.update_user',
  summary: "Change a person's roles, or disable the account",
  description:
    'Both end all sessions of the person, who signs in anew under other roles; disabling also revokes the person’s keys. They take effect within a second.',
  input: z.strictObject({
    user: idSchema('user'),
    roles: rolesInput.optional(),
    disabled: z.boolean().optional(),
  }),
  output: userSchema,
  access: { action: 'update', on: (input) => ({ type: 'user', id: input.user }) },
  audit: (input, output) => ({ object: { kind: 'user', id: input.user }, details: { roles: output.roles, status: output.status } }),
  stepUp: true,
  http: { method: 'PATCH', path: '/v1/users/:user' },
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa', roles: ['officer', 'auditor'] } },
  problems: [problems.last_administrator, problems.roles_fixed, doorProblems.not_found],
  async run({ tx, tenant, now }, input) {
    const last = await lastAdministrator(tx, tenant)
    const user = await managedUser(tx, tenant, input.user)
    if (input.roles !== undefined && user.partner_id !== null) return refuse(problems.roles_fixed)
    // Whether somebody operates the node is not the institution's to say.
    const roles = input.roles === undefined ? user.roles : [...input.roles, ...user.roles.filter((role) => role === 'operator')]
    const disabledAt = input.disabled === undefined ? user.disabled_at : input.disabled ? (user.disabled_at ?? now) : null
    const stays = disabledAt === null && roles.includes('administrator')
    if (!stays && user.id === last) return refuse(problems.last_administrator)
    await changeAccount(tx, tenant, user, roles, disabledAt, now)
    return userOf({ ...user, roles, disabled_at: disabledAt })
  },
})
