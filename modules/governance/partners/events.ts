import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { forgetPartner } from './current.ts'
import type { Partner } from './schema.ts'

export type PartnerChange = 'created' | 'updated' | 'key_added' | 'key_removed'

/** Announces `partners.changed` and makes this process forget what it remembered. */
export function announce(ctx: TransactionContext, partner: Partner, change: PartnerChange): void {
  forgetPartner(ctx.node, ctx.tx, partner)
  ctx.publish({ type: 'partners.changed', subject: partner.id, data: { partner: partner.id, change, status: partner.status } })
}
