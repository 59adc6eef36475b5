import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { heldWebhook, webhookFacts, webhookResource } from './ownership.ts'
import { problems } from './problems.ts'
import { pingType, webhookSchema } from './schema.ts'
import { viewOf } from './view.ts'

export const testWebhook = operation({
  name: 'webhooks.test',
  summary: 'Send a webhook a test event',
  description: `Announces ${pingType}, which goes the whole way that any event goes and reaches this webhook only. What became of it stands among the deliveries.`,
  input: z.strictObject({ webhook: idSchema('webhook') }),
  output: webhookSchema,
  access: { action: 'update', on: webhookResource },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/webhooks/:webhook/test', status: 202 },
  problems: [doorProblems.not_found, problems.not_active],
  async run(ctx, { webhook: id }) {
    const webhook = await heldWebhook(ctx, id)
    const facts = webhookFacts(webhook)
    if (webhook.state !== 'active') return refuse(problems.not_active, `the webhook is ${webhook.state}`, facts)
    ctx.describe(facts)
    ctx.publish({ type: pingType, subject: id, data: { webhook: id, ...(webhook.owner === null ? {} : { partner: webhook.owner }) } })
    return viewOf(webhook)
  },
})
