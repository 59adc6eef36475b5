import type { Id } from '@gatehouse/core/id'
import type { JsonValue } from '@gatehouse/core/schema'
import type { PlanChange } from '@gatehouse/query/plan/diff'
import { pictureOf } from '@gatehouse/query/plan/picture'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import { summaryOf } from './approval.ts'
import type { PlanDiff, PlanPicture, PlanSummary, VersionSummary } from './schema.ts'
import type { PlanRow, VersionRow } from './store.ts'

export function planSummaryOf({ id, project_id: project, created_by, created_at }: PlanRow, latest: VersionRow): PlanSummary {
  const summary = summaryOf(latest)
  return { id, project, title: summary.title, latest: summary, versions: latest.version, created_by, created_at }
}

/** What the ledger keeps of a version: its hash is the whole of it. */
export function versionFacts(plan: Id<'query_plan'>, project: Id<'project'>, { version, hash, form, approval }: VersionSummary): AuditFacts {
  return { object: { kind: 'query_plan', id: plan }, details: { project, version, hash, form, approval: approval.state } }
}

/** A copy: what a library gives is read-only, and what the door gives is not. */
export function pictureView(plan: QueryPlan): PlanPicture {
  const { nodes, edges } = pictureOf(plan)
  return {
    nodes: nodes.map((node) => ({ ...node, label: { code: node.label.code, params: { ...node.label.params } } })),
    edges: edges.map((edge) => ({ ...edge })),
  }
}

export const changesView = (changes: readonly PlanChange[]): PlanDiff['changes'] =>
  changes.map(({ pointer, kind, before, after, words }) => ({
    pointer,
    kind,
    ...(before === undefined ? {} : { before: before as JsonValue }),
    ...(after === undefined ? {} : { after: after as JsonValue }),
    words,
  }))
