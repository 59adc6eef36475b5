import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { transferRequest } from '../processes/outgoing.ts'
import { thenProceed } from '../processes/proceed.ts'
import { beginWith, providerNamed } from '../processes/request.ts'
import { callbackOf } from '../processes/step.ts'
import { agreementNamed } from '../processes/store.ts'
import { named, transferOf } from '../processes/view.ts'
import { examples, nameSchema, pullFormat, transferView } from '../schema.ts'

export const askTransfer = operation({
  name: 'dataspace.ask_transfer',
  summary: 'Ask another participant for the data of an agreement',
  input: z.strictObject({ partner: z.string().max(63), agreement: nameSchema.describe('What both sides call it') }),
  output: transferView,
  access: { action: 'create', on: () => ({ type: 'transfer' }) },
  audit: (_input, { id }) => ({ object: { kind: 'transfer', id } }),
  http: { method: 'POST', path: '/v1/dataspace/transfers', status: 201 },
  followUp: thenProceed,
  example: { input: { partner: examples.partner, agreement: examples.other } },
  problems: [problems.off, doorProblems.not_found, problems.not_a_participant, problems.agreement_unknown],
  async run(ctx, { partner: name, agreement: called }) {
    const provider = await providerNamed(ctx, name)
    if (provider instanceof Refusal) return provider
    const { id: partner } = provider.partner
    const agreement = await agreementNamed(ctx.tx, partner, 'consumer', called)
    if (agreement?.in_force_at == null) return refuse(problems.agreement_unknown, undefined, { partner })
    const row = { id: ctx.newId<'transfer'>(), kind: 'transfer', dataset: agreement.dataset, agreement_id: agreement.id, format: pullFormat } as const
    const process = await beginWith(ctx, provider, row, async (_tx, begun) => transferRequest(begun, agreement.name, pullFormat, callbackOf(ctx)))
    if (process instanceof Refusal) return process
    const [view] = await named(ctx.tx, [process], transferOf)
    return view as NonNullable<typeof view>
  },
})
