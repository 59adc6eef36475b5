import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { credentialsOf } from '../credentials.ts'
import { deleteDevicesOf } from '../factors/store.ts'
import { problems } from '../problems.ts'
import { newPassword } from '../schema.ts'
import { deleteOtherSessions } from '../sessions/store.ts'
import { userById } from '../store.ts'
import { refusedPassword } from './refuse-password.ts'

export const changePassword = operation({
  name: 'identity.change_password',
  summary: 'Change the own password',
  description: 'It ends all other sessions and forgets all devices.',
  input: z.strictObject({ password: newPassword }),
  output: z.strictObject({ ended: z.int().min(0) }),
  access: { action: 'create', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: (_input, { ended }) => ({ details: { ended } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/auth/password' },
  example: { input: { password: 'five calm badgers sing' } },
  problems: [problems.password_refused, doorProblems.not_found, problems.no_session],
  async run(ctx, { password }) {
    const { tx, tenant, principal, node, now, newId } = ctx
    if (principal.session === undefined) return refuse(problems.no_session)
    const user = await userById(tx, tenant, principal.id as Id<'user'>)
    if (user === undefined) throw new Problem(doorProblems.not_found)
    const fault = refusedPassword(password, user)
    if (fault !== undefined) return fault
    await node.of(credentialsOf).changePassword({ tx, tenant, now, newId }, user.id, password)
    await deleteDevicesOf(tx, tenant, user.id)
    return { ended: await deleteOtherSessions(tx, tenant, user.id, principal.session) }
  },
})
