/** A result that is held: two who had no part in it look at it and at the checks beside it, and the last vote releases it. */

import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { refuse } from '@gatehouse/runtime/door/operation'
import type { ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { findVersion } from '../plans/store.ts'
import { problems } from '../problems.ts'
import { endResult } from '../results/end.ts'
import { findResult } from '../results/store.ts'
import { resultFacts } from '../results/view.ts'
import { endRun } from '../runs/end.ts'
import { findRun } from '../runs/store.ts'
import { releaseResult } from './release.ts'

const ends = { rejected: 'review_rejected', withdrawn: 'review_withdrawn', expired: 'review_expired' } as const

export const disclosureReview: ReviewKind = {
  name: 'query_disclosure',
  summary: 'A result leaves disclosure control when two who had no part in it approve',
  asks: { action: 'create', resource: { type: 'query_run' } },
  panels: [{ kind: 'role', id: 'data_owner', quorum: 2 }],
  deadlineDays: 14,

  async present(tx, node, object) {
    const result = await findResult(tx, object as Id<'query_result'>, true)
    const version = result && (await findVersion(tx, result.plan_id, result.version))
    const run = result && (await findRun(tx, result.run_id))
    if (result?.state !== 'held' || version === undefined || run === undefined) return undefined
    const judged = { result: result.id, digest: result.digest, report: result.report, plan: version.hash }
    return {
      digest: toHex(node.keys.primitives.sha256(utf8(canonicalJson(judged)))),
      makers: [...new Set([version.made_by, run.asked_by])],
      scope: { kind: 'project', id: result.project_id },
    }
  },

  async approved(ctx, { id: review, object }) {
    const result = await findResult(ctx.tx, object as Id<'query_result'>, true)
    if (result?.state !== 'held') return refuse(problems.result_ended)
    const refused = await releaseResult(ctx, ctx.tx, result)
    if (refused !== undefined) return refused
    const { details, ...facts } = resultFacts(result)
    await ctx.record(ctx.tx, 'query.result_released', { ...facts, details: { ...details, review } }, [
      { type: 'query.result_released', subject: result.id, data: { project: result.project_id, result: result.id } },
    ])
    return undefined
  },

  async ended({ tx, now }, { object }, how) {
    const result = await findResult(tx, object as Id<'query_result'>, true)
    if (result?.state !== 'held') return
    await endResult(tx, result.id, 'refused', now)
    await endRun(tx, result.run_id, ends[how], now)
  },
}
