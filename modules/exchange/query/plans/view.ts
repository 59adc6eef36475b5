import type { Id } from '@gatehouse/core/id'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import { summaryOf } from './approval.ts'
import type { PlanSummary, VersionSummary } from './schema.ts'
import type { PlanRow, VersionRow } from './store.ts'

export function planSummaryOf({ id, project_id: project, created_by, created_at }: PlanRow, latest: VersionRow): PlanSummary {
  const summary = summaryOf(latest)
  return { id, project, title: summary.title, latest: summary, versions: latest.version, created_by, created_at }
}

/** What the ledger keeps of a version: its hash is the whole of it. */
export function versionFacts(plan: Id<'query_plan'>, project: Id<'project'>, { version, hash, form, approval }: VersionSummary): AuditFacts {
  return { object: { kind: 'query_plan', id: plan }, details: { project, version, hash, form, approval: approval.state } }
}
