import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import type { ResultSummary, ResultView } from './schema.ts'
import type { ResultRow } from './store.ts'

export function resultSummaryOf(row: ResultRow, { hash, formats }: { readonly hash: string; readonly formats: ResultView['formats'] }): ResultSummary {
  const { id, project_id, run_id, plan_id, version, title, form, kind, state, ended_by, rows, review_id, made_at, released_at, expires_at } = row
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
    formats: [...formats],
    review: review_id,
    made_at,
    released_at,
    expires_at,
  }
}

export function resultViewOf(row: ResultRow, of: { readonly hash: string; readonly formats: ResultView['formats'] }): ResultView {
  const { columns, report, digest, sources, source } = row
  return { ...resultSummaryOf(row, of), columns, report, digest, sources, source }
}

export const resultFacts = ({ id, project_id, run_id, form, rows, digest }: ResultRow): AuditFacts => ({
  object: { kind: 'query_result', id },
  details: { project: project_id, run: run_id, form, rows, digest },
})
