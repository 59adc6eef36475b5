import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { heldWebhook, webhookFacts, webhookResource } from './ownership.ts'
import { problems } from './problems.ts'
import { attemptsPerJob, deliverQueue, deliverySchema } from './schema.ts'
import { deliveryById, reopenDelivery } from './store.ts'

export const replayDelivery = operation({
  name: 'webhooks.replay',
  summary: 'Send a delivery again',
  description: 'The same event under the same webhook-id, signed anew; it is retried as a new one would be.',
  input: z.strictObject({ webhook: idSchema('webhook'), delivery: idSchema('delivery') }),
  output: deliverySchema,
  access: { action: 'update', on: webhookResource },
  audit: ({ delivery }, { event_id, attempts }) => ({ details: { delivery, event: event_id, attempts } }),
  http: { method: 'POST', path: '/v1/webhooks/:webhook/deliveries/:delivery/replay', status: 202 },
  problems: [doorProblems.not_found, problems.not_active, problems.still_pending],
  async run(ctx, { webhook: id, delivery }) {
    const webhook = await heldWebhook(ctx, id)
    const facts = webhookFacts(webhook)
    if ((await deliveryById(ctx.tx, id, delivery)) === undefined) throw new Problem(doorProblems.not_found)
    if (webhook.state !== 'active') return refuse(problems.not_active, `the webhook is ${webhook.state}`, facts)
    const reopened = await reopenDelivery(ctx.tx, id, delivery, attemptsPerJob)
    if (reopened === undefined) return refuse(problems.still_pending, undefined, facts)
    await ctx.enqueue(deliverQueue, { webhook: id, delivery })
    ctx.describe(facts)
    return reopened
  },
})
