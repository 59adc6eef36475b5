import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { webhookResource } from './ownership.ts'
import { webhookSchema, webhookStates } from './schema.ts'
import { listWebhooks as listRows } from './store.ts'
import { viewOf } from './view.ts'

export const listWebhooks = operation({
  name: 'webhooks.list',
  summary: 'List webhooks',
  description: 'A partner sees its own; staff see all, or those of one partner.',
  input: z.strictObject({
    ...pageQuery,
    cursor: idSchema('webhook').optional(),
    state: z.enum(webhookStates).optional(),
    partner: idSchema('partner').optional(),
  }),
  output: pageSchema(webhookSchema),
  access: { action: 'read', on: webhookResource },
  audit: { none: 'shows addresses and states of webhooks, nothing of a person' },
  http: { method: 'GET', path: '/v1/webhooks' },
  example: { input: { state: 'parked' } },
  async run({ tx, principal }, { cursor, limit, state, partner }) {
    const rows = await listRows(tx, { owner: principal.partner ?? partner, state, after: cursor }, limit + 1)
    const page = rows.slice(0, limit)
    return { data: page.map(viewOf), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
