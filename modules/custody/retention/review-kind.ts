/** An erasure before panels, where the institution wants more than two people who ask for the same. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { type Id, isUuid } from '@gatehouse/core/id'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { refuse } from '@gatehouse/runtime/door/operation'
import type { ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { approvedEvent, approveRequested } from './approve-erasure.ts'
import { erasureFacts } from './facts.ts'
import { retentionProblems } from './problems.ts'
import { findErasure } from './store.ts'

export const erasureReview: ReviewKind = {
  name: 'erasure',
  summary: 'A person’s data is destroyed when others than whoever requested it approve',
  asks: { action: 'create', resource: { type: 'erasure' } },
  panels: [{ kind: 'role', id: 'officer', quorum: 2 }],
  deadlineDays: 14,
  optional: true,
  insteadOf: 'retention.approve_erasure',
  async present(tx, node, object) {
    const row = isUuid(object) ? await findErasure(tx, object as Id<'erasure'>, true) : undefined
    if (row?.state !== 'requested') return undefined
    const { id, subject_id, commitment, ground, requested_by, requested_at } = row
    const judged = { id, subject_id, commitment: toHex(commitment), ground, requested_by, requested_at }
    return {
      digest: toHex(node.keys.primitives.sha256(utf8(canonicalJson(judged)))),
      // A person's own request, or one of the nightly sweep, has no maker among the staff.
      makers: isUuid(requested_by) ? [requested_by] : [],
    }
  },
  async approved(ctx, { id, object }) {
    const row = await findErasure(ctx.tx, object as Id<'erasure'>, true)
    if (row === undefined || !(await approveRequested(ctx, row))) return refuse(retentionProblems.erasure_closed)
    const facts = erasureFacts(row)
    await ctx.record(ctx.tx, 'retention.approve_erasure', { ...facts, details: { ...facts.details, review: id } }, [approvedEvent(row)])
    return undefined
  },
}
