import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { retentionProblems } from './problems.ts'
import { holdSchema } from './schema.ts'
import { liftHold as lift, lockHold } from './store.ts'

export const liftHold = operation({
  name: 'retention.lift',
  summary: 'Lift a legal hold',
  description: 'Two different people must ask for it. An erasure that waited goes on by itself.',
  input: z.strictObject({ hold: idSchema('hold') }),
  output: holdSchema,
  access: { action: 'delete', on: () => ({ type: 'hold' }) },
  audit: ({ hold }, { scope }) => ({ object: { kind: 'hold', id: hold }, details: { scope } }),
  approvals: 2,
  http: { method: 'POST', path: '/v1/holds/:hold/lift' },
  example: { input: { hold: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, retentionProblems.hold_lifted],
  async run(ctx, input) {
    const hold = await lockHold(ctx.tx, input.hold)
    if (hold === undefined) return refuse(doorProblems.not_found)
    if (hold.lifted_at !== null) return refuse(retentionProblems.hold_lifted, undefined, { object: { kind: 'hold', id: hold.id } })
    await lift(ctx.tx, hold.id, ctx.principal.id, ctx.now)
    ctx.publish({ type: 'retention.hold_lifted', subject: hold.id, data: { hold: hold.id, scope: hold.scope } })
    return { ...hold, lifted_by: ctx.principal.id, lifted_at: ctx.now }
  },
})
