/**
 * A message of a process that is under way. It is checked against the partner's standing, both pids, the sender's side and the table of states, and
 * stored with the state that it leads to; only then is it acknowledged. The same message again changes nothing and is acknowledged again.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import { readTerms } from '@gatehouse/policy/odrl-read-terms'
import { sameTerms, type Terms } from '@gatehouse/policy/odrl-terms'
import { writeTerms } from '@gatehouse/policy/odrl-write-terms'
import type { Node } from '@gatehouse/runtime/door/node'
import { type ActContext, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { countRefusals, offersTo, refusalWords } from '../catalogue/offers.ts'
import { callingParty } from '../participants/counterparty.ts'
import { problems } from '../problems.ts'
import { context, type MessageOffer, type Wire } from '../protocol/messages.ts'
import { pidOf, processOf } from '../protocol/names.ts'
import { type Acknowledgement, limits, proceedQueue } from '../schema.ts'
import { type Kind, negotiationLife, otherRole, type ProtocolEvent, stateAfter, transferLife } from '../states.ts'
import { keepAddress } from '../transfers/address.ts'
import { pidsOf } from './outgoing.ts'
import { recordStep, targetOf } from './step.ts'
import { agreementById, beginAgreement, changeProcess, insertAgreement, insertMessage, lockProcess, type ProcessRow } from './store.ts'

export interface Incoming {
  readonly kind: Kind
  readonly event: (process: ProcessRow) => ProtocolEvent
  /** Of ours, from the path. */
  readonly pid: string
  readonly message: Wire
}

export const digestOf = (node: Node, message: Wire): Uint8Array => node.keys.primitives.sha256(utf8(canonicalJson(message)))

export const acknowledged = (process: ProcessRow): Acknowledgement => ({
  '@context': [...context],
  '@type': process.kind === 'negotiation' ? 'ContractNegotiation' : 'TransferProcess',
  ...pidsOf(process),
  state: process.state,
})

/** An error tells the pids of the process it is about. */
export function refuseFor(process: ProcessRow, ...[kind, detail, facts]: Parameters<typeof refuse>): Refusal {
  return refuse(kind, detail, { partner: process.partner_id, object: { kind: process.kind, id: process.id }, ...facts }, pidsOf(process))
}

export async function receive(ctx: TransactionContext, { kind, event: eventOf, pid, message }: Incoming): Promise<Acknowledgement | Refusal> {
  const { tx, node, now } = ctx
  const party = await callingParty(ctx, tx)
  if (party instanceof Refusal) return party
  const id = processOf(pid)
  const found = id === undefined ? undefined : await lockProcess(tx, id)
  // Somebody else's process and none at all look alike.
  if (found === undefined || found.kind !== kind || found.partner_id !== party.partner.id) return refuse(problems.unknown_process)
  const said = { provider: message.providerPid, consumer: message.consumerPid }
  const other = said[otherRole(found.role)]
  // A message may overtake the answer that tells us what the other side calls the process.
  const process: ProcessRow = { ...found, other_pid: found.other_pid ?? (typeof other === 'string' ? other : null) }
  if (said[process.role] !== pidOf(process.id) && said[process.role] !== undefined) return refuseFor(process, problems.pid_mismatch)
  if (process.other_pid !== null && other !== undefined && other !== process.other_pid) return refuseFor(process, problems.pid_mismatch)
  const event = eventOf(process)
  const digest = digestOf(node, message)
  if (repeated(node, process, event, digest)) return acknowledged(process)
  const state = stateAfter(kind, process.state, event, otherRole(process.role))
  if (state === undefined)
    return refuseFor(process, problems.wrong_state, `a ${kind} that is ${process.state} takes no such message from the ${otherRole(process.role)}`)
  let changed: ProcessRow = { ...process, state, changed_at: now, last_received: digest }
  if (event === 'terminate') changed = { ...changed, reason: 'ended_by_other' }
  const brought = await bring(ctx, changed, event, message)
  if (brought instanceof Refusal) return brought
  changed = { ...changed, ...brought }
  await changeProcess(tx, process.id, {
    state,
    changed_at: now,
    last_received: digest,
    other_pid: changed.other_pid,
    terms: changed.terms,
    terms_ours: changed.terms_ours,
    offer_id: changed.offer_id,
    agreement_id: changed.agreement_id,
    reason: changed.reason,
    token_until: changed.token_until,
  })
  await keepMessage(ctx, changed, message)
  await recordStep(ctx, tx, changed, event, 'in')
  await ctx.enqueue(proceedQueue, { process: process.id })
  return acknowledged(changed)
}

/** The one that led to the state it is in. Offers and requests may be made anew with the same words, so they are never taken for repeats. */
function repeated(node: Node, process: ProcessRow, event: ProtocolEvent, digest: Uint8Array): boolean {
  if (event === 'request' || event === 'offer' || process.last_received === null) return false
  const life: readonly { readonly on: string; readonly to: string }[] = process.kind === 'negotiation' ? negotiationLife.transitions : transferLife.transitions
  // A start is called by what it did: in STARTED the same words were a start or a resumption.
  const names = event === 'start' || event === 'resume' ? ['start', 'resume'] : [event]
  return life.some(({ on, to }) => names.includes(on) && to === process.state) && node.keys.primitives.equal(process.last_received, digest)
}

export async function keepMessage(ctx: TransactionContext, process: ProcessRow, message: Wire): Promise<void> {
  const { dataAddress: _, ...body } = message
  await insertMessage(ctx.tx, {
    id: ctx.newId<'delivery'>(),
    process_id: process.id,
    direction: 'in',
    type: String(message['@type']),
    path: null,
    body,
    state: 'received',
    at: ctx.now,
  })
}

type Brought = Partial<Pick<ProcessRow, 'terms' | 'terms_ours' | 'offer_id' | 'agreement_id' | 'token_until'>>

/** What a message brings besides its state. */
async function bring(ctx: TransactionContext, process: ProcessRow, event: ProtocolEvent, message: Wire): Promise<Brought | Refusal> {
  switch (event) {
    case 'request':
      return asked(ctx, process, message.offer as MessageOffer)
    case 'offer':
      return offered(ctx, process, message.offer as MessageOffer)
    case 'agree':
      return agreed(ctx, process, message.agreement as Wire)
    case 'finalize':
      if (process.agreement_id !== null) await beginAgreement(ctx.tx, process.agreement_id, ctx.now)
      return {}
    case 'start':
    case 'resume':
      return started(ctx, process, message)
    default:
      return {}
  }
}

/** The terms without whom and what they are about. */
function spoken({ permission, prohibition, obligation }: Terms): Terms {
  const bare = (rules: Terms['permission']) => rules.map(({ action, constraint }) => ({ action, constraint }))
  return { permission: bare(permission), prohibition: bare(prohibition), obligation }
}

/** Terms in the closed profile, or the refusal that names what is not in it. */
export function termsIn(ctx: Pick<ActContext, 'node'>, policy: Wire): Terms | Refusal {
  const read = readTerms(policy)
  if (read.ok) {
    const rules = [...read.terms.permission, ...read.terms.prohibition]
    // Whom and what they are about is said once, by the offer: a rule that speaks of something else would be agreed to unseen.
    if (rules.every(({ target, assignee }) => target === policy.target && assignee === policy.assignee)) return spoken(read.terms)
    return refuse(problems.outside_profile, 'a rule has a target or an assignee of its own; say them once, in the offer', { details: { reasons: ['party'] } })
  }
  countRefusals(ctx.node, read.refused)
  return refuse(problems.outside_profile, refusalWords(read.refused), { details: { reasons: [...new Set(read.refused.map(({ kind }) => kind))] } })
}

const withPids = (process: ProcessRow, refusal: Refusal): Refusal =>
  refuse(refusal.problem.kind, refusal.problem.detail, { ...refusal.facts, object: { kind: process.kind, id: process.id } }, pidsOf(process))

async function asked(ctx: TransactionContext, process: ProcessRow, offer: MessageOffer): Promise<Brought | Refusal> {
  const terms = termsIn(ctx, offer)
  if (terms instanceof Refusal) return withPids(process, terms)
  const ours = await offerNamed(ctx, process.dataset, offer)
  if (ours === undefined || (offer.target !== undefined && offer.target !== targetOf(process))) return refuseFor(process, problems.offer_unknown)
  return { offer_id: ours.id, terms: writeTerms(terms), terms_ours: sameTerms(terms, ours.terms) }
}

/** The offer of ours that is named, as it is at this moment. */
export async function offerNamed(ctx: TransactionContext, reference: string, offer: MessageOffer) {
  const party = await callingParty(ctx, ctx.tx)
  if (party instanceof Refusal) return undefined
  return (await offersTo({ tx: ctx.tx, node: ctx.node, now: ctx.now }, party, reference)).find(({ id }) => id === offer['@id'])
}

/** Whether they are the terms that we asked for; other ones wait for a person. */
function offered(ctx: TransactionContext, process: ProcessRow, offer: MessageOffer): Brought | Refusal {
  const terms = termsIn(ctx, offer)
  if (terms instanceof Refusal) return withPids(process, terms)
  if (offer.target !== process.dataset) return refuseFor(process, problems.offer_unknown, 'the offer is of another dataset')
  return { offer_id: offer['@id'], terms: writeTerms(terms), terms_ours: sameAsAsked(process, terms) }
}

function sameAsAsked(process: ProcessRow, terms: Terms): boolean {
  const before = readTerms({ '@type': 'Offer', ...process.terms })
  return before.ok && sameTerms(before.terms, terms)
}

async function agreed(ctx: TransactionContext, process: ProcessRow, agreement: Wire): Promise<Brought | Refusal> {
  const terms = termsIn(ctx, agreement)
  if (terms instanceof Refusal) return withPids(process, terms)
  if (agreement.target !== process.dataset) return refuseFor(process, problems.offer_unknown, 'the agreement is about another dataset')
  const row = {
    id: ctx.newId<'agreement'>(),
    name: String(agreement['@id']),
    negotiation_id: process.id as Id<'negotiation'>,
    role: process.role,
    partner_id: process.partner_id,
    dataset: process.dataset,
    body: agreement,
    policy_id: null,
    policy_version: null,
    agreed_at: ctx.now,
  }
  if (!(await insertAgreement(ctx.tx, row))) return refuseFor(process, problems.pid_taken, 'another agreement is called so')
  return { agreement_id: row.id, terms_ours: sameAsAsked(process, terms) }
}

async function started(ctx: TransactionContext, process: ProcessRow, message: Wire): Promise<Brought | Refusal> {
  if (process.role === 'provider') {
    // Resumed by the consumer: the token it has is good for as long again.
    return { token_until: addSeconds(ctx.now, limits.tokenSeconds) }
  }
  const agreement = process.agreement_id === null ? undefined : await agreementById(ctx.tx, process.agreement_id)
  if (agreement === undefined) return refuseFor(process, problems.agreement_unknown)
  const kept = await keepAddress(ctx, process, message.dataAddress as Wire | undefined)
  return kept ?? {}
}
