import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { userById } from '../store.ts'
import { weakerWays } from './required.ts'
import { deleteDevicesOf, deletePhone, lockFactorsOf, phoneById } from './store.ts'

export const removePhone = operation({
  name: 'identity.remove_phone',
  summary: 'Remove the telephone that codes go to',
  description: 'Remembered devices are forgotten with it. It stays where the institution asks for a second factor and the account has no other.',
  input: z.strictObject({ phone: idSchema('phone') }),
  output: z.strictObject({ phone: idSchema('phone') }),
  access: { action: 'delete', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: ({ phone }) => ({ object: { kind: 'phone', id: phone } }),
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/auth/phones/:phone' },
  example: { input: { phone: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found, problems.factor_needed, problems.no_session],
  async run(ctx, { phone: id }) {
    const { tx, tenant, principal } = ctx
    if (principal.session === undefined) return refuse(problems.no_session)
    const user = await userById(tx, tenant, principal.id as Id<'user'>)
    if (user === undefined || (await phoneById(tx, tenant, user.id, id)) === undefined) throw new Problem(doorProblems.not_found)
    const ways = await weakerWays(ctx, user, await lockFactorsOf(tx, tenant, user.id))
    if (ways.phone?.id === id && !ways.mail) return refuse(problems.factor_needed)
    await deletePhone(tx, tenant, user.id, id)
    await deleteDevicesOf(tx, tenant, user.id)
    return { phone: id }
  },
})
