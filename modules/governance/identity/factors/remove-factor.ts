import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { userById } from '../store.ts'
import { mustHaveFactor } from './required.ts'
import { deleteDevicesOf, deleteFactor, lockFactorsOf, replaceRecoveryCodes } from './store.ts'

export const removeFactor = operation({
  name: 'identity.remove_factor',
  summary: 'Remove one of the own factors',
  description: 'Remembered devices are forgotten with it. The last factor stays where the institution asks for one.',
  input: z.strictObject({ factor: idSchema('factor') }),
  output: z.strictObject({ factor: idSchema('factor'), left: z.int().min(0) }),
  access: { action: 'delete', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: ({ factor }, { left }) => ({ object: { kind: 'factor', id: factor }, details: { left } }),
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/auth/factors/:factor' },
  example: { input: { factor: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found, problems.factor_needed, problems.no_session],
  async run(ctx, { factor }) {
    const { tx, tenant, principal } = ctx
    if (principal.session === undefined) return refuse(problems.no_session)
    const known = await lockFactorsOf(tx, tenant, principal.id)
    if (!known.some(({ id }) => id === factor)) throw new Problem(doorProblems.not_found)
    const user = await userById(tx, tenant, principal.id as Id<'user'>)
    if (user === undefined) throw new Problem(doorProblems.not_found)
    if (known.length === 1 && (await mustHaveFactor(ctx, user))) return refuse(problems.factor_needed)
    await deleteFactor(tx, tenant, user.id, factor)
    await deleteDevicesOf(tx, tenant, user.id)
    if (known.length === 1) await replaceRecoveryCodes(tx, tenant, user.id, [])
    return { factor, left: known.length - 1 }
  },
})
