/** The data of a transfer that we asked for, handed through to one of our people. It passes in pieces and is kept nowhere on the way. */
import { instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import { EgressError } from '@gatehouse/runtime/data/egress'
import { type FileAnswer, operation, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { whyNotUsed } from '../negotiations/keep-to.ts'
import { counterpartyOf } from '../participants/counterparty.ts'
import { problems } from '../problems.ts'
import { agreementById, changeProcess, findProcess, lockProcess, type ProcessRow } from '../processes/store.ts'
import { sendableTo } from '../protocol/addresses.ts'
import { examples, limits, proceedQueue } from '../schema.ts'
import { keptAddress } from './address.ts'

const mediaType = 'application/octet-stream'

export const fetchData = operation({
  name: 'dataspace.fetch',
  kind: 'steps',
  answers: 'file',
  mediaTypes: [mediaType],
  summary: 'Fetch the data that another participant has begun to transfer',
  description: 'As the agreement lets it be used: not after its end, and for a purpose that it names. What it is used for stands in the ledger.',
  input: z.strictObject({
    transfer: idSchema('transfer'),
    purpose: z.string().min(1).max(128).optional().describe('For what it is used, where the agreement names purposes: one of them, or a narrower one'),
  }),
  output: z.custom<FileAnswer>(),
  access: { action: 'export', on: () => ({ type: 'transfer' }) },
  audit: ({ transfer, purpose }) => ({ object: { kind: 'transfer', id: transfer }, ...(purpose === undefined ? {} : { purpose }) }),
  http: { method: 'GET', path: '/v1/dataspace/transfers/:transfer/data' },
  example: { input: { transfer: examples.transfer } },
  problems: [problems.off, doorProblems.not_found, problems.data_unavailable, problems.agreement_over, problems.purpose_not_agreed, problems.not_offered],
  async run(ctx, { transfer, purpose }) {
    if (!ctx.node.speaksDataspace) return refuse(problems.off)
    const { process, to, barred } = await ctx.step(async (tx) => {
      const found = await findProcess(tx, transfer, 'transfer')
      return { process: found, to: found && (await counterpartyOf(tx, found.partner_id, ctx.now)), barred: found && (await barredBy(ctx, tx, found, purpose)) }
    })
    if (process === undefined || to === undefined) return refuse(doorProblems.not_found)
    const address = process.role === 'consumer' && process.state === 'STARTED' ? await keptAddress(ctx.node, ctx.tenant, transfer) : undefined
    if (address === undefined || 'reason' in to) return refuse(problems.data_unavailable)
    if (barred !== undefined) return refuse(problems[barred], undefined, { object: { kind: 'transfer', id: transfer }, details: { reasons: [barred] } })
    const checked = sendableTo(ctx.node.egress, address.endpoint, to.participant.address)
    if ('fault' in checked) return refuse(problems.data_unavailable, checked.fault)
    const headers: Record<string, string> = address.authorization === null ? {} : { authorization: address.authorization }
    const answer = await ctx.node.egress.stream(address.endpoint, { method: 'GET', headers, timeoutMs: limits.sendTimeoutMs }).catch((error: unknown) => {
      if (error instanceof EgressError) throw new Problem(problems.not_offered, `the other side could not be reached: ${error.fault}`)
      throw error
    })
    if (answer.status !== 200) {
      answer.body.destroy()
      return refuse(problems.not_offered, `the other side answered ${answer.status}`)
    }
    ctx.describe({ partner: process.partner_id, details: { status: answer.status } })
    return { name: `transfer-${transfer.slice(-12)}.data`, mediaType, chunks: arriving(ctx, process, answer.body) }
  },
})

async function barredBy({ node, now }: StepsContext, tx: Tx, { agreement_id: id }: ProcessRow, purpose: string | undefined) {
  const agreement = id === null ? undefined : await agreementById(tx, id)
  return agreement === undefined ? 'agreement_over' : whyNotUsed({ tx, node, now }, agreement, purpose)
}

async function* arriving(ctx: StepsContext, process: ProcessRow, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    yield chunk
  }
  await ctx.step(async (tx) => {
    const now = await lockProcess(tx, process.id)
    if (now?.state !== 'STARTED') return
    await changeProcess(tx, process.id, { delivered_at: instantOf(ctx.node.source.nowMs()) })
    await ctx.record(tx, 'dataspace.received', { partner: process.partner_id, object: { kind: 'transfer', id: process.id }, details: { bytes } })
    await ctx.node.queue.enqueue(tx, proceedQueue, { tenant: ctx.tenant, process: process.id })
  })
}
