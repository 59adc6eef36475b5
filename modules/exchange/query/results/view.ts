import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import type { ResultSummary, ResultView } from './schema.ts'
import type { ResultRow } from './store.ts'

export function resultSummaryOf(row: ResultRow, { hash, formats }: { readonly hash: string; readonly formats: ResultView['formats'] }): ResultSummary {
  const { id, project_id, run_id, plan_id, version, title, form, kind, state, ended_by, rows, nodes, review_id, made_at, released_at, expires_at } = row
  return {
    id,
    project: project_id,
    run: run_id,
    plan: plan_id,
    version,
    hash,
    title,
    form,
    kind,
    state,
    end: ended_by,
    rows,
    partial: isPartial(nodes),
    formats: [...formats],
    review: review_id,
    made_at,
    released_at,
    expires_at,
  }
}

/** Whether a node gave nothing of what the plan asks of it. */
export const isPartial = (nodes: ResultRow['nodes']): boolean => (nodes ?? []).some(({ state }) => state !== 'answered')

export function resultViewOf(row: ResultRow, of: { readonly hash: string; readonly formats: ResultView['formats'] }): ResultView {
  const { columns, report, digest, sources, nodes, source } = row
  return { ...resultSummaryOf(row, of), columns, report, digest, sources, nodes: [...(nodes ?? [])], source }
}

export const resultFacts = ({ id, project_id, run_id, form, rows, digest, nodes }: ResultRow): AuditFacts => ({
  object: { kind: 'query_result', id },
  details: { project: project_id, run: run_id, form, rows, digest, ...(isPartial(nodes) ? { partial: true } : {}) },
})
