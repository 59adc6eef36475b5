/** A step of this side: state, message and entry in one transaction. It has happened when they are written; handing the message over comes after. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { writeTerms } from '@gatehouse/policy/odrl-write-terms'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { offersTo } from '../catalogue/offers.ts'
import { counterpartyOf } from '../participants/counterparty.ts'
import { participantOf } from '../participants/store.ts'
import type { Wire } from '../protocol/messages.ts'
import { agreementName, datasetOf } from '../protocol/names.ts'
import { limits, path } from '../schema.ts'
import { type ProtocolEvent, stateAfter } from '../states.ts'
import { pullTokenHash } from '../transfers/token.ts'
import { agreementBody, outgoing, type Sides } from './outgoing.ts'
import { type AgreementRow, agreementById, beginAgreement, changeProcess, insertAgreement, insertMessage, type ProcessRow } from './store.ts'

type Ctx = Pick<ActContext, 'node' | 'now' | 'tenant' | 'newId' | 'record'>

/** What the dataset of a process is called on the wire. */
export const targetOf = ({ role, dataset }: Pick<ProcessRow, 'role' | 'dataset'>): string => (role === 'provider' ? datasetOf(dataset) : dataset)

export const callbackOf = (ctx: Pick<ActContext, 'node'>): string => ctx.node.addresses.origin + path

export async function sidesOf(ctx: Pick<Ctx, 'node' | 'tenant'>, tx: Tx, partner: Id<'partner'>): Promise<Sides> {
  const participant = await participantOf(tx, partner)
  return { tenant: ctx.tenant, other: participant?.participant_id ?? 'unknown', callback: callbackOf(ctx) }
}

/** @returns the process afterwards, or `undefined` where this side can take no such step */
export async function takeStep(ctx: Ctx, tx: Tx, process: ProcessRow, event: ProtocolEvent, code?: string): Promise<ProcessRow | undefined> {
  const state = stateAfter(process.kind, process.state, event, process.role)
  if (state === undefined) return undefined
  const sides = await sidesOf(ctx, tx, process.partner_id)
  let changed: ProcessRow = { ...process, state, changed_at: ctx.now, ...(event === 'terminate' ? { reason: code ?? 'ended' } : {}) }
  let agreement: AgreementRow | undefined
  if (event === 'offer') changed = { ...changed, ...(await ourTerms(ctx, tx, changed)) }
  if (event === 'agree') {
    agreement = await makeAgreement(ctx, tx, process, sides)
    changed = { ...changed, agreement_id: agreement.id }
  }
  if (event === 'finalize' && process.agreement_id !== null) await beginAgreement(tx, process.agreement_id, ctx.now)
  if ((event === 'start' || event === 'resume') && process.role === 'provider') {
    changed = { ...changed, token_hash: await pullTokenHash(ctx.node, ctx.tenant, process.id), token_until: addSeconds(ctx.now, limits.tokenSeconds) }
  }
  await changeProcess(tx, process.id, {
    state,
    changed_at: ctx.now,
    reason: changed.reason,
    terms: changed.terms,
    terms_ours: changed.terms_ours,
    agreement_id: changed.agreement_id,
    token_hash: changed.token_hash,
    token_until: changed.token_until,
  })
  const message = outgoing(event, changed, sides, { agreement, code, target: targetOf(process) })
  await insertMessage(tx, { id: ctx.newId<'delivery'>(), process_id: process.id, direction: 'out', ...message, state: 'queued', at: ctx.now })
  await recordStep(ctx, tx, changed, event, 'out')
  return changed
}

/** The entry and the event of any step, whoever took it. */
export async function recordStep(ctx: Pick<Ctx, 'record'>, tx: Tx, process: ProcessRow, event: string, direction: 'in' | 'out'): Promise<void> {
  const { id, kind, role, state, partner_id: partner } = process
  const details = { role, state, step: event, direction, ...(process.reason === null ? {} : { reason: process.reason }) }
  await ctx.record(tx, `dataspace.${kind}_step`, { partner, object: { kind, id }, details }, [
    { type: `dataspace.${kind}_changed`, subject: id, data: { [kind]: id, role, state, partner } },
  ])
}

/** What is offered is what the policy says at this moment. */
async function ourTerms(ctx: Ctx, tx: Tx, process: ProcessRow): Promise<Pick<ProcessRow, 'terms' | 'terms_ours'>> {
  const to = await counterpartyOf(tx, process.partner_id, ctx.now)
  const offers = 'reason' in to ? [] : await offersTo({ tx, node: ctx.node, now: ctx.now }, to, process.dataset)
  const offer = offers.find(({ id }) => id === process.offer_id)
  return offer === undefined ? { terms: process.terms, terms_ours: process.terms_ours } : { terms: writeTerms(offer.terms), terms_ours: true }
}

async function makeAgreement(ctx: Ctx, tx: Tx, process: ProcessRow, sides: Sides): Promise<AgreementRow> {
  const id = ctx.newId<'agreement'>()
  const [, policy = null, version = null] = /^urn:gatehouse:offer:([0-9a-f-]{36}):(\d+):/.exec(process.offer_id ?? '') ?? []
  const body = agreementBody(id, targetOf(process), process.terms as Wire, sides, ctx.now)
  const row = {
    id,
    name: agreementName(id),
    negotiation_id: process.id as Id<'negotiation'>,
    role: process.role,
    partner_id: process.partner_id,
    dataset: process.dataset,
    body,
    policy_id: policy as Id<'policy'> | null,
    policy_version: version === null ? null : Number(version),
    agreed_at: ctx.now,
  }
  await insertAgreement(tx, row)
  return (await agreementById(tx, id)) as AgreementRow
}
