import { Problem } from '@gatehouse/core/problem'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { openProject } from '../../../governance/projects/index.ts'
import { isOffered } from '../offered.ts'
import { problems } from '../problems.ts'
import { approvalReasonsOf } from './approval.ts'
import { checkedPlanOf } from './checked.ts'
import type { PlanRow, VersionRow } from './store.ts'

/** @throws Problem `plan_unfit` with each place */
export async function newVersion(ctx: TransactionContext, plan: PlanRow, version: number, document: QueryPlanInput): Promise<VersionRow | Refusal> {
  const open = await openProject(ctx.tx, plan.project_id, ctx.now)
  if (open === undefined) return refuse(problems.project_closed)
  const checked = await checkedPlanOf(ctx.node, ctx.tx, open, document)
  if (!checked.ok) throw new Problem(problems.plan_unfit, undefined, { errors: checked.errors })
  return {
    plan_id: plan.id,
    version,
    hash: checked.hash,
    document: checked.plan,
    reasons: approvalReasonsOf(checked.plan, await isOffered(ctx, ctx.tx, open.project, checked)),
    review_id: null,
    approved_teams: null,
    approved_at: null,
    made_by: ctx.principal.id,
    made_at: ctx.now,
  }
}
