/** A request of another participant for a table that people decide about. Until they have, the negotiation waits where it is. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { refuse } from '@gatehouse/runtime/door/operation'
import type { ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { holderOf } from '../../../governance/projects/index.ts'
import { problems } from '../problems.ts'
import { changeProcess, lockProcess, type ReviewState } from '../processes/store.ts'
import { limits, proceedQueue } from '../schema.ts'

async function waiting(tx: Tx, object: string) {
  const process = await lockProcess(tx, object as Id<'negotiation'>)
  return process?.kind === 'negotiation' && process.role === 'provider' && ['REQUESTED', 'ACCEPTED'].includes(process.state) ? process : undefined
}

async function conclude(tx: Tx, node: Node, object: string, state: ReviewState, now: Instant): Promise<void> {
  const process = await waiting(tx, object)
  if (process === undefined) return
  await changeProcess(tx, process.id, { review_state: state, changed_at: now })
  await node.queue.enqueue(tx, proceedQueue, { tenant: tx.tenant as Id<'tenant'>, process: process.id })
}

export const negotiationReview: ReviewKind = {
  name: 'dataspace_negotiation',
  summary: 'Another participant of a dataspace gets an agreement on a table when its holder approves',
  asks: { action: 'create', resource: { type: 'participant' } },
  panels: [{ kind: 'role', id: 'data_owner', quorum: 1 }],
  deadlineDays: limits.reviewDays,

  async present(tx, node, object) {
    const process = await waiting(tx, object)
    if (process === undefined) return undefined
    const judged = { negotiation: process.id, partner: process.partner_id, dataset: process.dataset, offer: process.offer_id, terms: process.terms }
    const holder = await holderOf(tx, 'table', process.dataset)
    return {
      digest: toHex(node.keys.primitives.sha256(utf8(canonicalJson(judged)))),
      makers: [],
      ...(holder === undefined ? {} : { panels: [{ kind: 'team' as const, id: holder.team, quorum: 1 }] }),
    }
  },

  async approved(ctx, { object, id: review }) {
    if ((await waiting(ctx.tx, object)) === undefined) return refuse(problems.step_refused, 'the negotiation has gone on without it')
    await conclude(ctx.tx, ctx.node, object, 'approved', ctx.now)
    await ctx.record(ctx.tx, 'dataspace.negotiation_approved', { object: { kind: 'negotiation', id: object }, details: { review } })
    return undefined
  },

  async ended({ tx, node, now }, { object }, how) {
    await conclude(tx, node, object, how, now)
  },
}
