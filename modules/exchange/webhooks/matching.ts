import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import { pingType } from './schema.ts'
import type { WebhookRow } from './store.ts'

type Wish = Pick<WebhookRow, 'id' | 'owner' | 'types' | 'created_at'>

/**
 * Whether an event goes to a webhook. A partner is told only what names it as `data.partner`; an event that names nobody is the
 * institution's. What happened before the webhook was there is not told.
 */
export function wants(webhook: Wish, event: CloudEvent): boolean {
  if (webhook.owner !== null && event.data.partner !== webhook.owner) return false
  if (event.type === pingType) return event.subject === webhook.id
  return event.time >= webhook.created_at && (webhook.types === null || webhook.types.includes(event.type))
}
