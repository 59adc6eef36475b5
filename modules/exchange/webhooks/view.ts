import type { WebhookView } from './schema.ts'
import type { WebhookRow } from './store.ts'

export function viewOf({ id, owner, url, types, state, last_delivered_at, created_at }: WebhookRow): WebhookView {
  return { id, owner, url, types: types === null ? 'all' : [...types], state, last_delivered_at, created_at }
}
