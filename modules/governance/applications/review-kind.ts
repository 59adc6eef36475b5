import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { Refusal, refuse } from '@gatehouse/runtime/door/operation'
import type { ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { applicationFacts, applicationOf } from './application.ts'
import { move } from './life.ts'
import { problems } from './problems.ts'
import { lockApplication } from './store.ts'

/** Where an institution demands it, the review desk judges a submitted application; whoever registered it has no vote. */
export const applicationAdmission: ReviewKind = {
  name: 'application_admission',
  summary: 'An application goes live when others than its developers approve what it asks for',
  asks: { action: 'update', resource: { type: 'application' } },
  panels: [{ kind: 'role', id: 'officer', quorum: 1 }],
  deadlineDays: 14,
  optional: true,
  insteadOf: 'applications.admit',
  async present(tx, node, object) {
    const row = tx.tenant === 'node' ? undefined : await lockApplication(tx, tx.tenant, object)
    if (row?.state !== 'submitted') return undefined
    const { updated_at: _, ...judged } = applicationOf(row)
    return {
      digest: toHex(node.keys.primitives.sha256(utf8(canonicalJson(judged)))),
      makers: [row.registered_by, ...(row.owner_kind === 'user' ? [row.owner_id] : [])],
    }
  },
  async approved(ctx, { id, object }) {
    const row = await lockApplication(ctx.tx, ctx.tenant, object)
    if (row === undefined) return refuse(problems.wrong_state)
    const admitted = await move(ctx, row, 'admit')
    if (admitted instanceof Refusal) return admitted
    const { details, ...facts } = applicationFacts(admitted)
    await ctx.record(ctx.tx, 'applications.admit', { ...facts, details: { ...details, review: id } })
    return undefined
  },
}
