import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { heldWebhook, webhookFacts, webhookResource } from './ownership.ts'
import { webhookSchema } from './schema.ts'
import { deleteWebhook as deleteRow } from './store.ts'
import { viewOf } from './view.ts'

export const deleteWebhook = operation({
  name: 'webhooks.delete',
  summary: 'Delete a webhook with its secrets and deliveries',
  input: z.strictObject({ webhook: idSchema('webhook') }),
  output: webhookSchema.describe('The webhook as it was'),
  access: { action: 'delete', on: webhookResource },
  audit: () => ({}),
  http: { method: 'DELETE', path: '/v1/webhooks/:webhook' },
  problems: [doorProblems.not_found],
  async run(ctx, { webhook: id }) {
    const webhook = await heldWebhook(ctx, id)
    ctx.describe(webhookFacts(webhook))
    await deleteRow(ctx.tx, id)
    return viewOf(webhook)
  },
})
