/**
 * What this side does next with a negotiation or a transfer. Asked after every message and every step, in the transaction that acts on the answer.
 * The node's rule rests on its policies; a test kit brings a rule of its own, so that each of its scenarios can be played.
 */
import { addSeconds } from '@gatehouse/core/instant'
import type { Node } from '@gatehouse/runtime/door/node'
import { type At, agreementStands, offersTo } from '../catalogue/offers.ts'
import { decidesOn } from '../catalogue/store.ts'
import { isOver } from '../negotiations/keep-to.ts'
import { counterpartyOf } from '../participants/counterparty.ts'
import { limits } from '../schema.ts'
import type { ProtocolEvent } from '../states.ts'
import { agreementById, type ProcessRow } from './store.ts'

/** `review`: people are asked, and it waits for them. */
export type Step = ProtocolEvent | 'wait' | 'review'

export interface Verdict {
  readonly step: Step
  /** Why it ends or is suspended; the other side is told. */
  readonly code?: string
}

export type Rule = (at: At, process: ProcessRow) => Promise<Verdict>

const wait: Verdict = { step: 'wait' }
const end = (code: string): Verdict => ({ step: 'terminate', code })

const declared = (_: Node): { rule: Rule } => ({ rule: ownRule })

/** In place of the node's own rule. */
export function declareRule(node: Node, rule: Rule): void {
  node.of(declared).rule = rule
}

export const ruleOf = (node: Node): Rule => node.of(declared).rule

async function ownRule(at: At, process: ProcessRow): Promise<Verdict> {
  if (process.kind === 'transfer') return process.role === 'provider' ? giving(at, process) : taking(at, process)
  if (addSeconds(process.changed_at, limits.idleDays * 86_400) < at.now) return end('idle')
  return process.role === 'provider' ? offering(at, process) : asking(process)
}

async function offering(at: At, process: ProcessRow): Promise<Verdict> {
  if (!['REQUESTED', 'ACCEPTED', 'VERIFIED'].includes(process.state)) return wait
  const to = await counterpartyOf(at.tx, process.partner_id, at.now)
  if ('reason' in to) return end(to.reason)
  if (process.state === 'VERIFIED') {
    const agreement = process.agreement_id === null ? undefined : await agreementById(at.tx, process.agreement_id)
    if (agreement === undefined) return end('agreement_unknown')
    const stands = await agreementStands(at, to, agreement)
    return 'reason' in stands ? end(stands.reason) : { step: 'finalize' }
  }
  const offer = (await offersTo(at, to, process.dataset)).find(({ id }) => id === process.offer_id)
  if (offer === undefined) return end('offer_withdrawn')
  if (!process.terms_ours) return process.state === 'REQUESTED' ? { step: 'offer' } : end('terms_differ')
  if (process.review_state === 'open') return wait
  if (process.review_state === 'approved') return { step: 'agree' }
  if (process.review_state !== null) return end(`review_${process.review_state}`)
  return { step: (await decidesOn(at.tx, process.dataset)) === 'policy' ? 'agree' : 'review' }
}

/** Terms that differ from those asked for wait for a person; an agreement that differs is none. */
function asking(process: ProcessRow): Verdict {
  if (process.state === 'OFFERED') return process.terms_ours ? { step: 'accept' } : wait
  if (process.state === 'AGREED') return process.terms_ours ? { step: 'verify' } : end('terms_differ')
  return wait
}

async function giving(at: At, process: ProcessRow): Promise<Verdict> {
  if (!['REQUESTED', 'STARTED', 'SUSPENDED'].includes(process.state)) return wait
  const to = await counterpartyOf(at.tx, process.partner_id, at.now)
  if ('reason' in to) {
    // A suspended partner may become active again; what has not begun does not wait for it, and no other standing is waited out.
    const pausing = to.reason === 'partner_suspended' && process.state !== 'REQUESTED'
    if (!pausing) return end(to.reason)
    return process.state === 'STARTED' ? { step: 'suspend', code: to.reason } : wait
  }
  const agreement = process.agreement_id === null ? undefined : await agreementById(at.tx, process.agreement_id)
  if (agreement === undefined) return end('agreement_unknown')
  if (process.delivered_at !== null && process.state === 'STARTED') {
    return addSeconds(process.delivered_at, limits.completeHours * 3_600) < at.now ? { step: 'complete' } : wait
  }
  const stands = await agreementStands(at, to, agreement)
  if ('reason' in stands) return end(stands.reason)
  return process.state === 'REQUESTED' ? { step: 'start' } : wait
}

async function taking(at: At, process: ProcessRow): Promise<Verdict> {
  if (process.state === 'STARTED' && process.delivered_at !== null) return { step: 'complete' }
  if (process.state !== 'STARTED' && process.state !== 'SUSPENDED') return wait
  const to = await counterpartyOf(at.tx, process.partner_id, at.now)
  if ('reason' in to && to.reason === 'partner_retired') return end(to.reason)
  const agreement = process.agreement_id === null ? undefined : await agreementById(at.tx, process.agreement_id)
  return agreement !== undefined && isOver(agreement, at.now) ? end('agreement_over') : wait
}
