/** A policy under review is its newest version, as long as that is a draft; a newer draft is an edit. */

import type { Tx } from '@gatehouse/runtime/data/db'
import { Refusal, refuse } from '@gatehouse/runtime/door/operation'
import type { ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { policiesProblems } from './problems.ts'
import { publishedEvent, putInForce } from './publish.ts'
import { versionFacts } from './schema.ts'
import { findVersion, listVersions, lockPolicy } from './store.ts'

export const policyPublication: ReviewKind = {
  name: 'policy_publication',
  summary: 'A policy is put in force when others than its authors approve its newest draft',
  asks: { action: 'publish', resource: { type: 'policy' } },
  panels: [{ kind: 'role', id: 'officer', quorum: 2 }],
  deadlineDays: 14,
  optional: true,
  insteadOf: 'policies.publish',
  async present(tx, _node, object) {
    const draft = await newestDraft(tx, object)
    return draft && { digest: draft.row.digest, makers: [draft.row.author] }
  },
  async approved(ctx, { id, object, digest }) {
    const draft = await newestDraft(ctx.tx, object)
    if (draft === undefined || draft.row.digest !== digest) return refuse(policiesProblems.not_a_draft)
    const published = await putInForce(ctx, draft.policy, draft.row)
    if (published instanceof Refusal) return published
    const { details, ...facts } = versionFacts(published.policy, published)
    await ctx.record(ctx.tx, 'policies.publish', { ...facts, details: { ...details, review: id } }, [publishedEvent(published)])
    return undefined
  },
}

async function newestDraft(tx: Tx, policyId: string) {
  const policy = await lockPolicy(tx, policyId)
  const newest = policy && (await listVersions(tx, policy.id))[0]
  if (policy === undefined || policy.id !== policyId || newest?.state !== 'draft') return undefined
  const row = await findVersion(tx, policy.id, newest.version)
  return row && { policy, row }
}
