import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { checkAddress } from './address.ts'
import { webhookResource } from './ownership.ts'
import { problems } from './problems.ts'
import { secretBytes, typesSchema, urlLengthMax, webhooksPerOwnerMax, webhookWithSecretSchema } from './schema.ts'
import { sealSecret, secretText } from './secret.ts'
import { insertSecret, insertWebhook, type WebhookRow } from './store.ts'
import { viewOf } from './view.ts'

export const createWebhook = operation({
  name: 'webhooks.create',
  summary: 'Have events sent to an address',
  description:
    'A partner’s webhook is told only what concerns that partner. Messages are signed as Standard Webhooks (v1) describes, with the secret in the answer, which is shown this once.',
  input: z.strictObject({ url: z.string().max(urlLengthMax), types: typesSchema.default('all') }),
  output: webhookWithSecretSchema,
  secretOutput: true,
  access: { action: 'create', on: webhookResource },
  audit: (_input, { id, owner, types }) => ({
    object: { kind: 'webhook', id },
    ...(owner === null ? {} : { partner: owner }),
    details: { types: types === 'all' ? 'all' : types.length },
  }),
  http: { method: 'POST', path: '/v1/webhooks', status: 201 },
  example: { input: { url: 'https://hooks.example.org/gatehouse', types: ['release.redeemed'] } },
  problems: [problems.url_refused, problems.too_many],
  async run(ctx, { url: text, types }) {
    const address = checkAddress(ctx.node.egress, text)
    if ('fault' in address) return refuse(problems.url_refused, address.fault)
    const webhook: WebhookRow = {
      id: ctx.newId<'webhook'>(),
      owner: ctx.principal.partner ?? null,
      url: address.url,
      types: types === 'all' ? null : [...new Set(types)],
      state: 'active',
      resting_until: null,
      last_delivered_at: null,
      created_at: ctx.now,
    }
    if (!(await insertWebhook(ctx.tx, webhook, webhooksPerOwnerMax))) return refuse(problems.too_many)
    const secret = ctx.randomBytes(secretBytes)
    await insertSecret(ctx.tx, webhook.id, ctx.newId<'key'>(), await sealSecret(ctx.node, ctx.tenant, webhook.id, secret), ctx.now)
    return { ...viewOf(webhook), secret: secretText(secret) }
  },
})
