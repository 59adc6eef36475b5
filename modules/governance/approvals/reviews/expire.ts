/** Reviews whose deadline has passed end by themselves, so that those concerned are told and another can begin. */
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { publish } from '@gatehouse/runtime/work/outbox'
import { appendEntry } from '../../../ledger/index.ts'
import { inEachTenant } from '../../tenancy/index.ts'
import { ended } from './decide.ts'
import { reviewEvent, reviewFacts } from './facts.ts'
import { kindNamed } from './kinds.ts'
import { moveReview, overdue } from './store.ts'

const rowsAtOnce = 100

export const expireLoop: Loop = {
  name: 'approvals.expire',
  idleMs: 30_000,
  async run(node) {
    let more = false
    await inEachTenant(node, 'reviews past their deadline could not be ended', async ({ id }) => {
      more = (await expireReviews(node, id)) === rowsAtOnce || more
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
      const entry = moment.newId<'entry'>()
      await kindNamed(node, review.kind)?.ended?.({ tx, node, now: moment.now }, review, 'expired')
      await moveReview(tx, review, moment.now)
      await appendEntry(
        tx,
        { id: entry, tenant, type: 'approvals.expire_review', at: moment.now, actor: { kind: 'system', id: 'approvals' }, facts: reviewFacts(review) },
        node,
      )
      await publish(tx, moment, tenant, entry, [reviewEvent('expired', review)])
    }
    return reviews.length
  })
}
