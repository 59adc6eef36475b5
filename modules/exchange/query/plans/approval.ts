/** Pure: which plans the holders of their tables must agree to before anything is read. */
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Approval, ApprovalReason, VersionSummary } from './schema.ts'
import type { VersionRow } from './store.ts'

/**
 * Untreated: rows that nothing was done to, whether or not a name stands in them.
 * @param offered whether each table is offered for a result of that form, or the holder’s admission is enough for it
 */
export function approvalReasonsOf(plan: QueryPlan, offered: boolean): ApprovalReason[] {
  const figures = plan.aggregation !== undefined
  const names = plan.elements.some(({ role, mask }) => role === 'identifying' && mask !== undefined)
  return [
    ...(plan.form === 'identifiable' ? (['identifiable'] as const) : []),
    ...(!figures && plan.treatment === undefined ? (['untreated'] as const) : []),
    ...(plan.form !== 'identifiable' && names ? (['direct_identifiers'] as const) : []),
    ...(offered ? [] : (['not_offered'] as const)),
  ]
}

export function approvalOf({ reasons, review_id, approved_at }: Pick<VersionRow, 'reasons' | 'review_id' | 'approved_at'>): Approval {
  const state = reasons.length === 0 ? 'not_needed' : approved_at !== null ? 'approved' : review_id !== null ? 'asked' : 'needed'
  return { state, reasons: [...reasons], review: review_id }
}

export const runnable = ({ state }: Approval): boolean => state === 'not_needed' || state === 'approved'

export function summaryOf(row: VersionRow): VersionSummary {
  const approval = approvalOf(row)
  const { version, hash, document, made_by, made_at } = row
  return { version, hash, title: document.output.title, form: document.form, approval, runnable: runnable(approval), made_by, made_at }
}
