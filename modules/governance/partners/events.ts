import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import type { NewEvent } from '@gatehouse/runtime/work/outbox'
import { forgetPartner } from './current.ts'
import type { Partner } from './schema.ts'

export type PartnerChange = 'created' | 'updated' | 'expired' | 'key_added' | 'key_removed'

export function changedEvent(partner: Partner, change: PartnerChange): NewEvent {
  return { type: 'partners.changed', subject: partner.id, data: { partner: partner.id, change, status: partner.status } }
}

/** Announces `partners.changed` and makes this process forget what it remembered. */
export function announce(ctx: TransactionContext, partner: Partner, change: PartnerChange): void {
  forgetPartner(ctx.node, ctx.tx, partner)
  ctx.publish(changedEvent(partner, change))
}
