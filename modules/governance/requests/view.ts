import type { Instant } from '@gatehouse/core/instant'
import type { RequestView } from './schema.ts'
import type { RequestRow } from './store.ts'

export function viewOf({ subject_id, lifted_at, ...row }: RequestRow, now: Instant): RequestView {
  return {
    ...row,
    subject: subject_id,
    overdue: row.closed_at === null && row.due_at <= now,
    restricts: row.kind === 'restriction' && row.state === 'done' && lifted_at === null,
  }
}

/** As the person reads it. */
export function ownViewOf(row: RequestRow, now: Instant): Omit<RequestView, 'subject'> {
  const { subject: _, ...view } = viewOf(row, now)
  return view
}
