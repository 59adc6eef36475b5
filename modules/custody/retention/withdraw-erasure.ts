import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { erasureFacts } from './facts.ts'
import { retentionProblems } from './problems.ts'
import { reprieveDays } from './rules/schema.ts'
import { giveReprieve } from './rules/store.ts'
import { erasureSchema } from './schema.ts'
import { erasureLife } from './states.ts'
import { findErasure, moveErasure } from './store.ts'
import { viewOf } from './view.ts'

export const withdrawErasure = operation({
  name: 'retention.withdraw_erasure',
  summary: 'Withdraw an erasure before anything is destroyed',
  input: z.strictObject({ erasure: idSchema('erasure') }),
  output: erasureSchema,
  access: { action: 'delete', on: () => ({ type: 'erasure' }) },
  audit: () => ({}),
  http: { method: 'DELETE', path: '/v1/erasures/:erasure' },
  example: { input: { erasure: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, retentionProblems.erasure_closed],
  async run(ctx, input) {
    const row = await findErasure(ctx.tx, input.erasure, true)
    if (row === undefined) return refuse(doorProblems.not_found)
    const state = erasureLife.next(row.state, 'withdraw')
    if (state === undefined) return refuse(retentionProblems.erasure_closed, `the erasure is ${row.state}`, erasureFacts(row))
    await moveErasure(ctx.tx, row, { state, endedAt: ctx.now, blank: true })
    await giveReprieve(ctx.tx, row.subject_id, addSeconds(ctx.now, reprieveDays * 86_400))
    ctx.describe(erasureFacts(row))
    ctx.publish({ type: 'retention.erasure_withdrawn', subject: row.id, data: { erasure: row.id } })
    return viewOf({ ...row, state, ended_at: ctx.now, reference: null })
  },
})
