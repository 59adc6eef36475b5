/**
 * One attempt at one delivery. It is counted first, then sent outside any transaction, then its outcome is kept. A failure is
 * thrown, so that the queue tries again with growing delay; the last one leaves the delivery dead.
 */

import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant, instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { inGoodStanding, partnerById } from '../../governance/partners/index.ts'
import { webhookFacts } from './ownership.ts'
import { problems } from './problems.ts'
import { restSeconds } from './schema.ts'
import { openSecret } from './secret.ts'
import { type Outcome, send } from './send.ts'
import {
  type Attempt,
  beginAttempt,
  endAttempt,
  letRest,
  noteDelivered,
  parkWebhook,
  pauseWebhook,
  type SecretRow,
  signingSecrets,
  type WebhookRow,
  webhookById,
} from './store.ts'

export const deliver = operation({
  name: 'webhooks.deliver',
  summary: 'Try to deliver one event to one webhook',
  kind: 'steps',
  input: z.strictObject({ webhook: idSchema('webhook'), delivery: idSchema('delivery') }),
  output: z.strictObject({ delivered: z.boolean() }),
  access: { action: 'update', on: () => ({ type: 'webhook' }) },
  audit: { none: 'it repeats an event whose act is in the log, to an address whose setting is in the log; the delivery keeps its attempts' },
  problems: [problems.delivery_failed],
  async run(ctx, { webhook: id, delivery }) {
    const task = await ctx.step((tx) => begin(tx, id, delivery, ctx.now))
    if (task === undefined) return { delivered: false }
    const outcome = task.resting ? restingOutcome : await attempt(ctx, task)
    await ctx.step((tx) => conclude(ctx, tx, task, delivery, outcome))
    if (outcome.result === 'failed') throw new Problem(problems.delivery_failed, outcome.error)
    return { delivered: outcome.result === 'taken' }
  },
})

interface Task {
  readonly webhook: WebhookRow
  readonly attempt: Attempt
  readonly secrets: readonly SecretRow[]
  readonly resting: boolean
}

const restingOutcome: Outcome = { result: 'failed', error: 'not tried: the receiver gave no answer a moment ago' }

/** @returns `undefined` when there is nothing to send: delivered or dead already, deleted, or not to be sent any more */
async function begin(tx: Tx, id: Id<'webhook'>, delivery: Id<'delivery'>, now: Instant): Promise<Task | undefined> {
  const [webhook, attempt, secrets] = await Promise.all([webhookById(tx, id), beginAttempt(tx, id, delivery, now), signingSecrets(tx, id, now)])
  if (webhook === undefined || attempt === undefined) return undefined
  const stopped = await reasonToStop(tx, webhook, now)
  if (stopped !== undefined) {
    await endAttempt(tx, id, delivery, { state: 'dead', status: undefined, error: stopped, deliveredAt: undefined })
    return undefined
  }
  return { webhook, attempt, secrets, resting: webhook.resting_until !== null && webhook.resting_until > now }
}

async function reasonToStop(tx: Tx, webhook: WebhookRow, now: Instant): Promise<string | undefined> {
  if (webhook.state !== 'active') return `not sent: the webhook is ${webhook.state}`
  if (webhook.owner === null) return undefined
  const partner = await partnerById(tx, webhook.owner)
  return inGoodStanding(partner, now) ? undefined : 'not sent: the partner is not active'
}

async function attempt(ctx: StepsContext, { webhook, attempt, secrets }: Task): Promise<Outcome> {
  const opened = await Promise.all(secrets.map((row) => openSecret(ctx.node, ctx.tenant, webhook.id, row)))
  return send(ctx.node.egress, { url: webhook.url, id: attempt.event_id, body: attempt.body, secrets: opened }, ctx.nowMs)
}

async function conclude(ctx: StepsContext, tx: Tx, { webhook, attempt, resting }: Task, delivery: Id<'delivery'>, outcome: Outcome): Promise<void> {
  const now = instantOf(ctx.node.source.nowMs())
  if (outcome.result === 'taken') {
    await Promise.all([
      endAttempt(tx, webhook.id, delivery, { state: 'delivered', status: outcome.status, error: undefined, deliveredAt: now }),
      noteDelivered(tx, webhook.id, now),
    ])
    return
  }
  const last = outcome.result === 'gone' || attempt.attempts >= attempt.attempts_max
  await endAttempt(tx, webhook.id, delivery, { state: last ? 'dead' : 'pending', status: outcome.status, error: outcome.error, deliveredAt: undefined })
  if (outcome.result === 'gone') {
    if (await pauseWebhook(tx, webhook.id)) await recordStop(ctx, tx, webhook, 'webhooks.paused')
    return
  }
  if (outcome.status === undefined && !resting) await letRest(tx, webhook.id, addSeconds(now, restSeconds))
  if (last && (await parkWebhook(tx, webhook.id, attempt.created_at))) await recordStop(ctx, tx, webhook, 'webhooks.parked')
}

/** The node has stopped a webhook by itself: that is in the log, and whoever listens is told. */
async function recordStop(ctx: StepsContext, tx: Tx, webhook: WebhookRow, type: string): Promise<void> {
  const data = { webhook: webhook.id, ...(webhook.owner === null ? {} : { partner: webhook.owner }) }
  await ctx.record(tx, type, webhookFacts(webhook), [{ type, subject: webhook.id, data }])
}
