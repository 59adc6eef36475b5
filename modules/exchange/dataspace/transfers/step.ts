import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { stepByHand } from '../processes/hand.ts'
import { thenProceed } from '../processes/proceed.ts'
import { named, transferOf } from '../processes/view.ts'
import { examples, transferView } from '../schema.ts'

export const stepTransfer = operation({
  name: 'dataspace.step_transfer',
  summary: 'Suspend, resume, complete or end a transfer',
  input: z.strictObject({ transfer: idSchema('transfer'), step: z.enum(['suspend', 'resume', 'complete', 'terminate']) }),
  output: transferView,
  access: { action: 'update', on: () => ({ type: 'transfer' }) },
  audit: ({ transfer, step }, { state }) => ({ object: { kind: 'transfer', id: transfer }, details: { step, state } }),
  http: { method: 'POST', path: '/v1/dataspace/transfers/:transfer/steps' },
  followUp: thenProceed,
  example: { input: { transfer: examples.transfer, step: 'terminate' } },
  problems: [doorProblems.not_found, problems.off, problems.step_refused],
  async run(ctx, { transfer, step }) {
    const process = await stepByHand(ctx, 'transfer', transfer, step)
    if (process instanceof Refusal) return process
    const [view] = await named(ctx.tx, [process], transferOf)
    return view as NonNullable<typeof view>
  },
})
