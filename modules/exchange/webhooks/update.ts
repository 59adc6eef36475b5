import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { heldWebhook, webhookFacts, webhookResource } from './ownership.ts'
import { typesSchema, webhookSchema } from './schema.ts'
import { updateWebhook as updateRow } from './store.ts'
import { viewOf } from './view.ts'

export const updateWebhook = operation({
  name: 'webhooks.update',
  summary: 'Pause or resume a webhook, or choose other event types',
  description: 'What happens while it is paused or parked is not sent later; a delivery that was on its way becomes dead and can be replayed.',
  input: z
    .strictObject({ webhook: idSchema('webhook'), state: z.enum(['active', 'paused']).optional(), types: typesSchema.optional() })
    .refine((input) => input.state !== undefined || input.types !== undefined, 'send a state, types or both'),
  output: webhookSchema,
  access: { action: 'update', on: webhookResource },
  audit: (input, { state }) => ({ details: { state, retyped: input.types !== undefined } }),
  http: { method: 'PATCH', path: '/v1/webhooks/:webhook' },
  problems: [doorProblems.not_found],
  async run(ctx, { webhook: id, state, types }) {
    const before = await heldWebhook(ctx, id)
    ctx.describe(webhookFacts(before))
    const webhook = { ...before, state: state ?? before.state, types: types === undefined ? before.types : types === 'all' ? null : [...new Set(types)] }
    await updateRow(ctx.tx, webhook)
    return viewOf(webhook)
  },
})
