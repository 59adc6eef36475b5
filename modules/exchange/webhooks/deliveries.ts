import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { visibleWebhook, webhookResource } from './ownership.ts'
import { deliverySchema, deliveryStates } from './schema.ts'
import { listDeliveries as listRows } from './store.ts'

export const listDeliveries = operation({
  name: 'webhooks.deliveries',
  summary: 'List the deliveries of a webhook, newest first',
  input: z.strictObject({
    webhook: idSchema('webhook'),
    ...pageQuery,
    cursor: idSchema('delivery').optional(),
    state: z.enum(deliveryStates).optional(),
  }),
  output: pageSchema(deliverySchema),
  access: { action: 'read', on: webhookResource },
  audit: { none: 'shows types of events, times and statuses, nothing of a person' },
  http: { method: 'GET', path: '/v1/webhooks/:webhook/deliveries' },
  problems: [doorProblems.not_found],
  async run(ctx, { webhook, cursor, limit, state }) {
    await visibleWebhook(ctx, webhook)
    const rows = await listRows(ctx.tx, webhook, { state, before: cursor }, limit + 1)
    const data = rows.slice(0, limit)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
