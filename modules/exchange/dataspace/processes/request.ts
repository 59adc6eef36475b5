/** A process that this node begins as the consumer: the other side has to be a participant in good standing, and the first message is a request. */
import type { Tx } from '@gatehouse/runtime/data/db'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { findPartner } from '../../../governance/partners/index.ts'
import type { Counterparty } from '../catalogue/offers.ts'
import { counterpartyOf } from '../participants/counterparty.ts'
import { problems } from '../problems.ts'
import { proceedQueue } from '../schema.ts'
import type { Outgoing } from './outgoing.ts'
import { recordStep } from './step.ts'
import { findProcess, insertMessage, insertProcess, type NewProcess, type ProcessRow } from './store.ts'

/** @param name the partner's reference */
export async function providerNamed({ node, tx, now }: TransactionContext, name: string): Promise<Counterparty | Refusal> {
  if (!node.speaksDataspace) return refuse(problems.off)
  const partner = await findPartner(tx, name)
  if (partner === undefined) return refuse(doorProblems.not_found)
  const party = await counterpartyOf(tx, partner.id, now)
  return 'reason' in party ? refuse(problems.not_a_participant, party.reason.replaceAll('_', ' '), { partner: partner.id }) : party
}

type Own = 'role' | 'state' | 'partner_id' | 'other_pid' | 'address' | 'started_by' | 'created_at'

/** @param request the message that asks for it, once it has its ids */
export async function beginWith(
  ctx: TransactionContext,
  { partner, participant }: Counterparty,
  row: Omit<NewProcess, Own>,
  request: (tx: Tx, process: ProcessRow) => Promise<Outgoing>,
): Promise<ProcessRow | Refusal> {
  const { tx, now } = ctx
  const own = { role: 'consumer', state: 'REQUESTED', partner_id: partner.id, other_pid: null, address: participant.address } as const
  await insertProcess(tx, { ...row, ...own, started_by: ctx.principal.id, created_at: now })
  const process = await findProcess(tx, row.id, row.kind)
  if (process === undefined) return refuse(doorProblems.not_found)
  const message = await request(tx, process)
  await insertMessage(tx, { id: ctx.newId<'delivery'>(), process_id: row.id, direction: 'out', ...message, state: 'queued', at: now })
  await recordStep(ctx, tx, process, 'request', 'out')
  await ctx.enqueue(proceedQueue, { process: row.id })
  return process
}
