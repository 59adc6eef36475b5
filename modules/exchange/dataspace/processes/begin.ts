/** The first message of a process, by which the other side begins it. The same message again gives the same process. */
import { type Refusal as No, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import type { Counterparty } from '../catalogue/offers.ts'
import { callingParty } from '../participants/counterparty.ts'
import { problems } from '../problems.ts'
import { sendableTo } from '../protocol/addresses.ts'
import type { Wire } from '../protocol/messages.ts'
import { type Acknowledgement, limits, type ProcessId, proceedQueue } from '../schema.ts'
import type { Kind, ProtocolEvent, Role, State } from '../states.ts'
import { acknowledged, digestOf, keepMessage } from './receive.ts'
import { recordStep } from './step.ts'
import { findProcess, insertProcess, type NewProcess, openCount, processOfOther } from './store.ts'

export interface Beginning {
  readonly kind: Kind
  readonly event: ProtocolEvent | 'request'
  /** This side's. */
  readonly role: Role
  readonly state: State
  /** What the other side calls it. */
  readonly pid: string
  readonly callbackAddress: string
}

type Brought = Pick<NewProcess, 'dataset'> & Partial<Pick<NewProcess, 'offer_id' | 'terms' | 'terms_ours' | 'agreement_id' | 'format'>>

/** What may be refused at every beginning. */
export const beginningProblems = [problems.not_a_participant, problems.address_refused, problems.pid_taken, problems.pid_mismatch, problems.too_many_open]

/** @param bring what it is about, or why it is refused; asked once, and not for a repeat */
export async function begin(
  ctx: TransactionContext,
  message: Wire,
  { kind, event, role, state, pid, callbackAddress }: Beginning,
  bring: (party: Counterparty) => Promise<Brought | No>,
): Promise<Acknowledgement | No> {
  const { tx, node } = ctx
  const party = await callingParty(ctx, tx)
  if (party instanceof Refusal) return party
  if (pid === '' || pid.length > limits.nameMax) return refuse(problems.pid_mismatch, `a pid has 1 to ${limits.nameMax} characters`)
  const callback = sendableTo(node.egress, callbackAddress, party.participant.address)
  if ('fault' in callback) return refuse(problems.address_refused, callback.fault)
  const digest = digestOf(node, message)
  const same = { partner: party.partner.id, kind, role, pid }
  const repeat = async () => {
    const earlier = await processOfOther(tx, same)
    if (earlier === undefined) return undefined
    const first = earlier.last_received !== null && node.keys.primitives.equal(earlier.last_received, digest)
    return first ? acknowledged(earlier) : refuse(problems.pid_taken)
  }
  const earlier = await repeat()
  if (earlier !== undefined) return earlier
  const brought = await bring(party)
  if (brought instanceof Refusal) return brought
  if ((await openCount(tx, party.partner.id)) >= limits.openMax) return refuse(problems.too_many_open)
  const id: ProcessId = ctx.newId<'negotiation'>()
  const partner_id = party.partner.id
  const row = { id, kind, role, state, partner_id, other_pid: pid, address: callback.address, last_received: digest, created_at: ctx.now, ...brought }
  // Of two that came at once the other was first.
  if (!(await insertProcess(tx, row))) return (await repeat()) ?? refuse(problems.pid_taken)
  const process = await findProcess(tx, id, kind)
  if (process === undefined) return refuse(problems.pid_taken)
  await keepMessage(ctx, process, message)
  await recordStep(ctx, tx, process, event, 'in')
  await ctx.enqueue(proceedQueue, { process: id })
  return acknowledged(process)
}
