import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { codeInput } from '../schema.ts'
import { enrolled, enrolledSchema } from './enrolled.ts'
import { factorKey } from './keys.ts'
import { stopsAdding } from './may-add.ts'
import { confirmFactor, lockFactor, usedFactor } from './store.ts'
import { openText, stepOf } from './totp.ts'

export const confirmTotp = operation({
  name: 'identity.confirm_totp',
  summary: 'Finish setting up an authenticator app by its first code',
  input: z.strictObject({ factor: idSchema('factor'), code: codeInput }),
  output: enrolledSchema,
  access: { action: 'create', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: (_input, { factor }) => ({ object: { kind: 'factor', id: factor.id }, details: { kind: factor.kind } }),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/factors/:factor/confirm' },
  example: { input: { factor: '01980000-0000-7000-8000-000000000001', code: '123456' } },
  problems: [problems.factor_refused, doorProblems.not_found, problems.too_many_factors, doorProblems.step_up_required, problems.no_session],
  async run(ctx, { factor: id, code }) {
    const stopped = await stopsAdding(ctx)
    if (stopped !== undefined) return stopped
    const { tx, tenant, principal, node, now, nowMs } = ctx
    const factor = await lockFactor(tx, tenant, principal.id, id)
    if (factor === undefined || factor.kind !== 'totp' || factor.confirmed_at !== null) throw new Problem(doorProblems.not_found)
    const seed = openText(node.keys.primitives, await factorKey(node, tenant), id, factor.sealed)
    const step = await stepOf(node.keys.primitives, seed, code, nowMs, factor.last_step)
    if (step === undefined) return refuse(problems.factor_refused, 'the code is not that of this moment', { details: { reason: 'refused' } })
    await confirmFactor(tx, tenant, id, now)
    await usedFactor(tx, tenant, id, now, { step })
    return enrolled(ctx, { ...factor, last_used_at: now })
  },
})
