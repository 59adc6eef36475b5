import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPartner } from '../../../governance/partners/index.ts'
import { counterpartyOf } from '../participants/counterparty.ts'
import { problems } from '../problems.ts'
import { transferRequest } from '../processes/outgoing.ts'
import { thenProceed } from '../processes/proceed.ts'
import { callbackOf, recordStep } from '../processes/step.ts'
import { agreementNamed, findProcess, insertMessage, insertProcess } from '../processes/store.ts'
import { named, transferOf } from '../processes/view.ts'
import { examples, nameSchema, proceedQueue, pullFormat, transferView } from '../schema.ts'

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
    if (!ctx.node.speaksDataspace) return refuse(problems.off)
    const partner = await findPartner(ctx.tx, name)
    if (partner === undefined) return refuse(doorProblems.not_found)
    const party = await counterpartyOf(ctx.tx, partner.id, ctx.now)
    if ('reason' in party) return refuse(problems.not_a_participant, party.reason.replaceAll('_', ' '), { partner: partner.id })
    const agreement = await agreementNamed(ctx.tx, partner.id, 'consumer', called)
    if (agreement?.in_force_at == null) return refuse(problems.agreement_unknown, undefined, { partner: partner.id })
    const id = ctx.newId<'transfer'>()
    await insertProcess(ctx.tx, {
      id,
      kind: 'transfer',
      role: 'consumer',
      state: 'REQUESTED',
      partner_id: partner.id,
      other_pid: null,
      address: party.participant.address,
      dataset: agreement.dataset,
      agreement_id: agreement.id,
      format: pullFormat,
      started_by: ctx.principal.id,
      created_at: ctx.now,
    })
    const process = await findProcess(ctx.tx, id, 'transfer')
    if (process === undefined) return refuse(doorProblems.not_found)
    const message = transferRequest(process, agreement.name, pullFormat, callbackOf(ctx))
    await insertMessage(ctx.tx, { id: ctx.newId<'delivery'>(), process_id: id, direction: 'out', ...message, state: 'queued', at: ctx.now })
    await recordStep(ctx, ctx.tx, process, 'request', 'out')
    await ctx.enqueue(proceedQueue, { process: id })
    const [view] = await named(ctx.tx, [process], transferOf)
    return view as NonNullable<typeof view>
  },
})
