/** A version of a plan whose output is identifiable or untreated: the holders of its tables approve exactly that version. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { refuse } from '@gatehouse/runtime/door/operation'
import type { Reviewed, ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { holderOf } from '../../../governance/projects/index.ts'
import { problems } from '../problems.ts'
import { findVersion, projectOfPlan, setApproved, setReview, type VersionRow } from './store.ts'

/** A review is of one thing with one name: the plan and the version. */
export const objectOf = (plan: Id<'query_plan'>, version: number): string => `${plan}:${version}`

function partsOf(object: string): { plan: Id<'query_plan'>; version: number } | undefined {
  const [, plan, version] = /^([0-9a-f-]{36}):(\d{1,6})$/.exec(object) ?? []
  return plan === undefined ? undefined : { plan: plan as Id<'query_plan'>, version: Number(version) }
}

/** The teams that answer for the tables of a plan. */
export async function holdersOfTables(tx: Tx, { document }: Pick<VersionRow, 'document'>): Promise<Id<'team'>[]> {
  const teams = new Set<Id<'team'>>()
  for (const { table } of document.sources) {
    const holder = await holderOf(tx, 'table', table)
    if (holder !== undefined) teams.add(holder.team)
  }
  return [...teams]
}

export const planReview: ReviewKind = {
  name: 'query_plan',
  summary: 'A query plan gives out what is identifiable or untreated, when each holder of its tables approves that very version',
  asks: { action: 'publish', resource: { type: 'query_plan' } },
  // Where a table has no holder, whoever answers for the data of the institution.
  panels: [{ kind: 'role', id: 'data_owner', quorum: 1 }],
  deadlineDays: 14,

  async present(tx, _node, object): Promise<Reviewed | undefined> {
    const named = partsOf(object)
    const version = named && (await findVersion(tx, named.plan, named.version, true))
    const project = named && (await projectOfPlan(tx, named.plan))
    if (version === undefined || project === undefined || version.reasons.length === 0 || version.approved_at !== null) return undefined
    const teams = await holdersOfTables(tx, version)
    return {
      digest: version.hash,
      makers: [version.made_by],
      scope: { kind: 'project', id: project },
      ...(teams.length === 0 ? {} : { panels: teams.map((id) => ({ kind: 'team' as const, id, quorum: 1 })) }),
    }
  },

  async approved(ctx, { id: review, object }) {
    const named = partsOf(object)
    const version = named && (await findVersion(ctx.tx, named.plan, named.version, true))
    const project = named && (await projectOfPlan(ctx.tx, named.plan))
    if (version === undefined || project === undefined) return refuse(problems.approval_not_needed)
    await setApproved(ctx.tx, version.plan_id, version.version, await holdersOfTables(ctx.tx, version), ctx.now)
    const facts = { object: { kind: 'query_plan', id: version.plan_id }, details: { project, version: version.version, hash: version.hash, review } }
    await ctx.record(ctx.tx, 'query.plan_approved', facts, [
      { type: 'query.plan_approved', subject: version.plan_id, data: { project, plan: version.plan_id, version: version.version } },
    ])
    return undefined
  },

  async ended({ tx }, { object }) {
    const named = partsOf(object)
    if (named !== undefined) await setReview(tx, named.plan, named.version, null)
  },
}
