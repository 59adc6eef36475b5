import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { stepByHand } from '../processes/hand.ts'
import { thenProceed } from '../processes/proceed.ts'
import { named, negotiationOf } from '../processes/view.ts'
import { examples, negotiationView } from '../schema.ts'

export const stepNegotiation = operation({
  name: 'dataspace.step_negotiation',
  summary: 'Accept an offer, verify an agreement, or end a negotiation',
  input: z.strictObject({ negotiation: idSchema('negotiation'), step: z.enum(['accept', 'verify', 'terminate']) }),
  output: negotiationView,
  access: { action: 'update', on: () => ({ type: 'negotiation' }) },
  audit: ({ negotiation, step }, { state }) => ({ object: { kind: 'negotiation', id: negotiation }, details: { step, state } }),
  http: { method: 'POST', path: '/v1/dataspace/negotiations/:negotiation/steps' },
  followUp: thenProceed,
  example: { input: { negotiation: examples.negotiation, step: 'terminate' } },
  problems: [doorProblems.not_found, problems.off, problems.step_refused],
  async run(ctx, { negotiation, step }) {
    const process = await stepByHand(ctx, 'negotiation', negotiation, step)
    if (process instanceof Refusal) return process
    const [view] = await named(ctx.tx, [process], negotiationOf)
    return view as NonNullable<typeof view>
  },
})
