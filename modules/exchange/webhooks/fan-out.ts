/**
 * Every event becomes one delivery per webhook that wants it, and one job per delivery, in one transaction. From there on each
 * delivery goes its own way: a receiver that is away holds up nobody else's.
 */
import { type Instant, instantOf } from '@gatehouse/core/instant'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Subscription } from '@gatehouse/runtime/door/module'
import { inGoodStanding, partnerById } from '../../governance/partners/index.ts'
import { wants } from './matching.ts'
import { attemptsPerJob, deliverQueue } from './schema.ts'
import { activeWebhooks, insertDeliveries, type NewDelivery, type WebhookRow } from './store.ts'

export const fanOut: Subscription = {
  consumer: 'webhooks',
  types: 'all',
  async handle(node, tenant, events) {
    const { newId } = momentOf(node.source)
    await node.database.transaction(tenant, async (tx) => {
      const webhooks = await ofActiveOwners(tx, await activeWebhooks(tx), instantOf(node.source.nowMs()))
      const rows = events.flatMap((event): NewDelivery[] => {
        const body = JSON.stringify(event)
        return webhooks
          .filter((webhook) => wants(webhook, event))
          .map((webhook) => ({ webhook: webhook.id, id: newId<'delivery'>(), event: event.id, type: event.type, body }))
      })
      if (rows.length === 0) return
      const written = await insertDeliveries(tx, rows, attemptsPerJob, instantOf(node.source.nowMs()))
      await Promise.all(written.map(({ webhook_id, id }) => node.queue.enqueue(tx, deliverQueue, { tenant, webhook: webhook_id, delivery: id })))
    })
  },
}

/** Leaves out the webhooks of partners that are not in good standing: they are told nothing. */
async function ofActiveOwners(tx: Tx, webhooks: readonly WebhookRow[], now: Instant): Promise<WebhookRow[]> {
  const owners = [...new Set(webhooks.flatMap(({ owner }) => (owner === null ? [] : [owner])))]
  const partners = await Promise.all(owners.map((owner) => partnerById(tx, owner)))
  const active = new Set(partners.flatMap((partner) => (inGoodStanding(partner, now) ? [partner.id] : [])))
  return webhooks.filter(({ owner }) => owner === null || active.has(owner))
}
