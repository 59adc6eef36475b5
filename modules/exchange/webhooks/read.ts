import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { visibleWebhook, webhookResource } from './ownership.ts'
import { deliverySchema, lastDeliveriesMax, webhookSchema } from './schema.ts'
import { listDeliveries } from './store.ts'
import { viewOf } from './view.ts'

export const readWebhook = operation({
  name: 'webhooks.read',
  summary: 'Read a webhook and its last deliveries',
  input: z.strictObject({ webhook: idSchema('webhook') }),
  output: webhookSchema.extend({ last_deliveries: z.array(deliverySchema) }),
  access: { action: 'read', on: webhookResource },
  audit: { none: 'shows an address, types of events and times, nothing of a person' },
  http: { method: 'GET', path: '/v1/webhooks/:webhook' },
  problems: [doorProblems.not_found],
  async run(ctx, { webhook: id }) {
    const webhook = await visibleWebhook(ctx, id)
    return { ...viewOf(webhook), last_deliveries: await listDeliveries(ctx.tx, id, {}, lastDeliveriesMax) }
  },
})
