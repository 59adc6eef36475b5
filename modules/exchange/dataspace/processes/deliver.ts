/** Handing over what waits for the other side, in its order: claimed first, sent outside any transaction, then its outcome is kept. */
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { EgressError } from '@gatehouse/runtime/data/egress'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { participantSecret } from '../participants/secret.ts'
import { participantOf } from '../participants/store.ts'
import { sendableTo } from '../protocol/addresses.ts'
import type { Wire } from '../protocol/messages.ts'
import { limits, type ProcessId } from '../schema.ts'
import { isOver } from '../states.ts'
import { dataAddressOf } from '../transfers/token.ts'
import { recordStep } from './step.ts'
import { changeProcess, claimMessage, endMessage, hasQueued, lockProcess, type MessageRow, type ProcessRow } from './store.ts'

type Outcome = { readonly status: number; readonly body: string } | { readonly fault: string }

const accepted = z.looseObject({ providerPid: z.string().min(1).max(limits.nameMax) })

/** @returns false where something is left that has to be tried again */
export async function deliver(ctx: StepsContext, id: ProcessId): Promise<boolean> {
  for (;;) {
    const task = await ctx.step(async (tx) => {
      const now = instantOf(ctx.node.source.nowMs())
      const message = await claimMessage(tx, id, now, addSeconds(now, limits.claimSeconds))
      const process = message && (await lockProcess(tx, id))
      const participant = process && (await participantOf(tx, process.partner_id))
      return { message, process, participant, waits: message === undefined && (await hasQueued(tx, id)) }
    })
    const { message, process, participant } = task
    if (message === undefined || process === undefined) return !task.waits
    const outcome = participant === undefined ? { fault: 'no_participant' } : await post(ctx, process, message, participant.address)
    const settled = await ctx.step((tx) => conclude(ctx, tx, message, outcome))
    if (!settled) return false
  }
}

async function post(ctx: StepsContext, process: ProcessRow, message: MessageRow, registered: string): Promise<Outcome> {
  const { node, tenant } = ctx
  const url = `${process.address}${message.path}`
  const checked = sendableTo(node.egress, url, registered)
  if ('fault' in checked) return checked
  const authorization = await participantSecret(node, tenant, process.partner_id)
  const withData = message.type === 'TransferStartMessage' && process.role === 'provider'
  const body: Wire = withData ? { ...message.body, dataAddress: await dataAddressOf(node, tenant, process.id) } : message.body
  try {
    const answer = await node.egress.send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Gatehouse', ...(authorization === undefined ? {} : { authorization }) },
      body: JSON.stringify(body),
      timeoutMs: limits.sendTimeoutMs,
      bytesMax: limits.answerBytesMax,
    })
    return { status: answer.status, body: answer.body }
  } catch (error) {
    if (error instanceof EgressError) return { fault: error.fault }
    throw error
  }
}

const again = (status: number) => status >= 500 || status === 408 || status === 425 || status === 429

/** @returns false where it has to be tried again */
async function conclude(ctx: StepsContext, tx: Tx, message: MessageRow, outcome: Outcome): Promise<boolean> {
  const process = await lockProcess(tx, message.process_id)
  if (process === undefined) return true
  if ('status' in outcome && outcome.status >= 200 && outcome.status < 300) {
    const named = firstMessages.includes(message.type) && process.other_pid === null ? providerPidIn(outcome.body) : undefined
    if (named !== undefined) await changeProcess(tx, process.id, { other_pid: named })
    await endMessage(tx, message.id, 'sent', outcome.status)
    return true
  }
  const status = 'status' in outcome ? outcome.status : null
  if ((status === null || again(status)) && message.attempts < limits.attemptsMax) {
    await endMessage(tx, message.id, 'queued', status)
    return false
  }
  await endMessage(tx, message.id, status === null ? 'undeliverable' : 'refused', status)
  // The two sides do not agree on where they are: what cannot be told to the other is over here.
  if (!isOver(process.state)) {
    const ended: ProcessRow = { ...process, state: 'TERMINATED', reason: status === null ? 'undeliverable' : 'refused_by_other', changed_at: ctx.now }
    await changeProcess(tx, process.id, { state: ended.state, reason: ended.reason, changed_at: ended.changed_at })
    await recordStep(ctx, tx, ended, 'terminate', 'out')
  }
  return true
}

/** Those whose answer tells the provider's pid. */
const firstMessages = ['ContractRequestMessage', 'TransferRequestMessage']

function providerPidIn(body: string): string | undefined {
  try {
    return accepted.safeParse(JSON.parse(body)).data?.providerPid
  } catch {
    return undefined
  }
}
