import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { heldWebhook, isOwner, webhookFacts, webhookResource } from './ownership.ts'
import { problems } from './problems.ts'
import { overlapSeconds, secretBytes, signingSecretsMax, webhookWithSecretSchema } from './schema.ts'
import { sealSecret, secretText } from './secret.ts'
import { endSecrets, insertSecret, signingSecrets } from './store.ts'
import { viewOf } from './view.ts'

export const rotateSecret = operation({
  name: 'webhooks.rotate',
  summary: 'Give a webhook a new signing secret',
  description: 'For 24 hours messages carry a signature of the old secret too, so that the receiver can change over in its own time.',
  input: z.strictObject({ webhook: idSchema('webhook') }),
  output: webhookWithSecretSchema,
  secretOutput: true,
  access: { action: 'update', on: webhookResource },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/webhooks/:webhook/rotate' },
  problems: [doorProblems.not_found, problems.not_owner, problems.rotated_too_often],
  async run(ctx, { webhook: id }) {
    const webhook = await heldWebhook(ctx, id)
    const facts = webhookFacts(webhook)
    if (!isOwner(ctx.principal, webhook)) return refuse(problems.not_owner, undefined, facts)
    const signing = (await signingSecrets(ctx.tx, id, ctx.now)).length
    if (signing >= signingSecretsMax) return refuse(problems.rotated_too_often, undefined, facts)
    await endSecrets(ctx.tx, id, ctx.now, addSeconds(ctx.now, overlapSeconds))
    const secret = ctx.randomBytes(secretBytes)
    await insertSecret(ctx.tx, id, ctx.newId<'key'>(), await sealSecret(ctx.node, ctx.tenant, id, secret), ctx.now)
    ctx.describe({ ...facts, details: { signing: signing + 1 } })
    return { ...viewOf(webhook), secret: secretText(secret) }
  },
})
