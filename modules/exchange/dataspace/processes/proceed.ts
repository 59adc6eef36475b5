/** Going on with processes: at once after an answer has left, and from the queue, which tries again. */
import { Problem } from '@gatehouse/core/problem'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { processOf } from '../protocol/names.ts'
import { examples, type ProcessId, pidSchema } from '../schema.ts'
import { conduct } from './conduct.ts'

const none = 'each step that it takes is an entry of its own'

export const proceed = operation({
  name: 'dataspace.proceed',
  summary: 'Go on with a negotiation or a transfer',
  kind: 'steps',
  input: z.strictObject({ process: pidSchema }),
  output: z.strictObject({}),
  access: { action: 'use', on: () => ({ type: 'negotiation' }) },
  audit: { none },
  example: { input: { process: examples.negotiation } },
  problems: [problems.not_delivered],
  async run(ctx, { process }) {
    const id = processOf(process)
    if (id !== undefined && !(await conduct(ctx, id))) throw new Problem(problems.not_delivered)
    return {}
  },
})

/** What could not be handed over is left to the queue, where it lies already. */
export const proceedSoon = operation({
  name: 'dataspace.proceed_soon',
  summary: 'Go on with what was just answered',
  kind: 'steps',
  input: z.strictObject({ pids: z.array(z.string()) }),
  output: z.strictObject({}),
  access: { action: 'use', on: () => ({ type: 'negotiation' }) },
  audit: { none },
  example: { input: { pids: [examples.pid] } },
  async run(ctx, { pids }) {
    const ids = new Set(pids.map(processOf).filter((id): id is ProcessId => id !== undefined))
    for (const id of ids) await conduct(ctx, id)
    return {}
  },
})

interface Answered {
  readonly output: { readonly providerPid?: string; readonly consumerPid?: string; readonly id?: string }
}

/** One of both pids is ours; an answer to our own people has its id. */
export const thenProceed = {
  operation: proceedSoon,
  inputOf: (items: readonly Answered[]) => ({
    pids: items.flatMap(({ output: { providerPid, consumerPid, id } }) => [providerPid, consumerPid, id].filter((pid) => pid !== undefined)),
  }),
} as const
