import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { managedUser } from '../managed-user.ts'
import { deleteSessionsOf } from '../sessions/store.ts'
import { deleteFactorsOf } from './store.ts'

export const resetFactors = operation({
  name: 'identity.reset_factors',
  summary: 'Remove all factors of somebody who has lost them',
  description: 'For staff and engineers whose phone and recovery codes are gone. It ends their sessions; with the password they set up a factor anew.',
  input: z.strictObject({ user: idSchema('user') }),
  output: z.strictObject({ removed: z.int().min(0) }),
  access: { action: 'delete', on: () => ({ type: 'factor' }) },
  audit: ({ user }, { removed }) => ({ object: { kind: 'user', id: user }, details: { removed } }),
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/users/:user/factors' },
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa' } },
  problems: [doorProblems.not_found],
  async run({ tx, tenant }, input) {
    const user = await managedUser(tx, tenant, input.user)
    const removed = await deleteFactorsOf(tx, tenant, user.id)
    await deleteSessionsOf(tx, tenant, user.id)
    return { removed }
  },
})
