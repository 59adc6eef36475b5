import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { erasureFacts } from './facts.ts'
import { retentionProblems } from './problems.ts'
import { erasureSchema } from './schema.ts'
import { erasureLife } from './states.ts'
import { type ErasureRow, findErasure, moveErasure } from './store.ts'
import { viewOf } from './view.ts'

export const approveErasure = operation({
  name: 'retention.approve_erasure',
  summary: 'Approve an erasure',
  description:
    'Two different people must ask for it. With the second the node begins to destroy, unless a legal hold is in force: then it waits. Where the institution demands a review of erasures, ask for that instead: its approval does it.',
  input: z.strictObject({ erasure: idSchema('erasure') }),
  output: erasureSchema,
  access: { action: 'publish', on: () => ({ type: 'erasure' }) },
  audit: () => ({}),
  approvals: 2,
  http: { method: 'POST', path: '/v1/erasures/:erasure/approve' },
  example: { input: { erasure: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, retentionProblems.erasure_closed],
  async run(ctx, input) {
    const row = await findErasure(ctx.tx, input.erasure, true)
    if (row === undefined) return refuse(doorProblems.not_found)
    const approved = await approveRequested(ctx, row)
    if (approved === undefined) return refuse(retentionProblems.erasure_closed, `the erasure is ${row.state}`, erasureFacts(row))
    ctx.describe(erasureFacts(row))
    ctx.publish(approvedEvent(row))
    return viewOf(approved)
  },
})

export const approvedEvent = ({ id }: Pick<ErasureRow, 'id'>) => ({ type: 'retention.erasure_approved', subject: id, data: { erasure: id } })

/** The row is held. `undefined` where its state does not allow it. */
export async function approveRequested(ctx: TransactionContext, row: ErasureRow): Promise<ErasureRow | undefined> {
  const state = erasureLife.next(row.state, 'approve')
  if (state === undefined) return undefined
  await moveErasure(ctx.tx, row, { state, approvedAt: ctx.now })
  return { ...row, state, approved_at: ctx.now }
}
