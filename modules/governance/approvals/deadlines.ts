/** What the clock brings: reviews and approvals whose time is over end, and those concerned are reminded before it is. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { eventsPerActMax, type NewEvent } from '@gatehouse/runtime/work/outbox'
import { recordOwnAct } from '../../ledger/index.ts'
import { inEachTenant } from '../tenancy/index.ts'
import { approvalEvent } from './facts.ts'
import { ended } from './reviews/decide.ts'
import { reviewEvent, reviewFacts } from './reviews/facts.ts'
import { kindNamed } from './reviews/kinds.ts'
import { moveReview, overdue, roundsDue } from './reviews/store.ts'
import { expireOverdue, remindersDue } from './store.ts'

/** As many events as an entry may announce at the most. */
const rowsAtOnce = eventsPerActMax / 2

export const deadlinesLoop: Loop = {
  name: 'approvals.deadlines',
  idleMs: 30_000,
  async run(node) {
    let more = false
    await inEachTenant(node, 'deadlines of the review desk could not be seen to', async ({ id }) => {
      for (const part of [expireReviews, expireApprovals, remindOfDeadlines]) more = (await part(node, id)) === rowsAtOnce || more
    })
    return more
  },
}

export async function expireReviews(node: Node, tenant: Id<'tenant'>): Promise<number> {
  const moment = momentOf(node.source)
  return node.database.transaction(tenant, async (tx) => {
    const reviews = await overdue(tx, moment.now, rowsAtOnce)
    for (const before of reviews) {
      const decided = ended(before, 'expire')
      if (decided.outcome === 'refused') continue
      const review = { ...before, state: decided.standing.state }
      await kindNamed(node, review.kind)?.ended?.({ tx, node, now: moment.now }, review, 'expired')
      await moveReview(tx, review, moment.now)
      const events = [reviewEvent('expired', review)]
      await recordOwnAct(tx, node, { tenant, by: 'approvals', type: 'approvals.expire_review', facts: reviewFacts(review), events }, moment)
    }
    return reviews.length
  })
}

export function expireApprovals(node: Node, tenant: Id<'tenant'>): Promise<number> {
  return told(node, tenant, 'approvals.expire', async (tx, now) => (await expireOverdue(tx, now, rowsAtOnce)).map((one) => approvalEvent('expired', one)))
}

export function remindOfDeadlines(node: Node, tenant: Id<'tenant'>): Promise<number> {
  return told(node, tenant, 'approvals.remind', async (tx, now) => [
    ...(await roundsDue(tx, now, rowsAtOnce)).map((review) => reviewEvent('due', review)),
    ...(await remindersDue(tx, now, rowsAtOnce)).map((approval) => approvalEvent('due', approval)),
  ])
}

/** One entry for what was found due, with an event for each. */
async function told(node: Node, tenant: Id<'tenant'>, type: string, find: (tx: Tx, now: Instant) => Promise<NewEvent[]>): Promise<number> {
  const moment = momentOf(node.source)
  return node.database.transaction(tenant, async (tx) => {
    const events = await find(tx, moment.now)
    if (events.length === 0) return 0
    await recordOwnAct(tx, node, { tenant, by: 'approvals', type, facts: { details: { count: events.length } }, events }, moment)
    return events.length
  })
}
