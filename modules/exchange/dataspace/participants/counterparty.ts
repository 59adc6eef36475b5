/** Who a message comes from. Its partner's standing is asked at each, and nobody who is not a registered participant is anybody here. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Standing } from '@gatehouse/policy/document'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type ActContext, type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { holdPartner, standingOf } from '../../../governance/partners/index.ts'
import type { Counterparty } from '../catalogue/offers.ts'
import { problems } from '../problems.ts'
import { participantOf } from './store.ts'

export async function counterpartyOf(
  tx: Tx,
  id: Id<'partner'>,
  now: Instant,
): Promise<Counterparty | { readonly reason: `partner_${Standing}` | 'no_participant' }> {
  const partner = await holdPartner(tx, id)
  if (partner === undefined) return { reason: 'partner_retired' }
  const standing = standingOf(partner, now)
  if (standing !== 'active') return { reason: `partner_${standing}` }
  const participant = await participantOf(tx, id)
  return participant?.state === 'active' ? { partner, participant } : { reason: 'no_participant' }
}

/** The caller as a counterparty; everybody else is refused alike. */
export async function callingParty(ctx: Pick<ActContext, 'principal' | 'now'>, tx: Tx): Promise<Counterparty | Refusal> {
  const { partner } = ctx.principal
  if (ctx.principal.kind !== 'partner' || partner === undefined) return refuse(problems.not_a_participant)
  const found = await counterpartyOf(tx, partner, ctx.now)
  return 'reason' in found ? refuse(problems.not_a_participant, undefined, { partner, details: { reasons: [found.reason] } }) : found
}
