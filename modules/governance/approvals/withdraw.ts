import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { approvalEvent } from './facts.ts'
import { approvalsProblems } from './problems.ts'
import { approvalLife, approvalSchema } from './schema.ts'
import { lockById, setState } from './store.ts'

export const withdrawApproval = operation({
  name: 'approvals.withdraw',
  summary: 'Withdraw a request that waits for further people',
  input: z.strictObject({ approval: idSchema('approval') }),
  output: approvalSchema,
  access: { action: 'delete', on: () => ({ type: 'approval' }) },
  audit: (_input, approval) => ({ object: { kind: 'approval', id: approval.id }, details: { operation: approval.operation, have: approval.voters.length } }),
  http: { method: 'DELETE', path: '/v1/approvals/:approval' },
  example: { input: { approval: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, approvalsProblems.approval_closed],
  async run(ctx, input) {
    const approval = await lockById(ctx.tx, input.approval)
    if (approval === undefined) return refuse(doorProblems.not_found)
    // The row may still say "open" after its time: it is closed by whoever asks next.
    const state = approval.expires_at <= ctx.now ? 'expired' : approval.state
    const after = approvalLife.next(state, 'withdraw')
    if (after === undefined) return refuse(approvalsProblems.approval_closed, `the approval is ${state}`, { object: { kind: 'approval', id: approval.id } })
    await setState(ctx.tx, approval.id, after)
    ctx.publish(approvalEvent('withdrawn', approval, ctx.principal.id))
    return { ...approval, state: after }
  },
})
