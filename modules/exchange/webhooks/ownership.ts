/** Whose a webhook is. A partner's are its own; the institution's staff sees all and may stop any, but learns no partner's secret. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { AuditFacts, Resource, TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { lockWebhook, type WebhookRow, webhookById } from './store.ts'

/** A partner is asked about as the owner; the operation then answers `not_found` for what is not its own. */
export const webhookResource = (_input: unknown, principal: Principal): Resource =>
  principal.partner === undefined ? { type: 'webhook' } : { type: 'webhook', owner: principal.partner }

function visible(principal: Principal, row: WebhookRow | undefined): WebhookRow {
  if (row === undefined || (principal.partner !== undefined && principal.partner !== row.owner)) throw new Problem(doorProblems.not_found)
  return row
}

type Asking = Pick<TransactionContext, 'tx' | 'principal'>

/** @throws Problem `not_found` for none, and for one the caller may not know of */
export async function visibleWebhook({ tx, principal }: Asking, id: Id<'webhook'>): Promise<WebhookRow> {
  return visible(principal, await webhookById(tx, id))
}

/** The same, held until the act ends. */
export async function heldWebhook({ tx, principal }: Asking, id: Id<'webhook'>): Promise<WebhookRow> {
  return visible(principal, await lockWebhook(tx, id))
}

/** True for the partner it belongs to, and for the institution where it is the institution's own. */
export function isOwner(principal: Principal, { owner }: Pick<WebhookRow, 'owner'>): boolean {
  return (principal.partner ?? null) === owner
}

export function webhookFacts({ id, owner }: Pick<WebhookRow, 'id' | 'owner'>): AuditFacts {
  return { object: { kind: 'webhook', id }, ...(owner === null ? {} : { partner: owner }) }
}
