import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import type { ScheduleView } from './schema.ts'
import type { ScheduleRow } from './store.ts'

export function scheduleViewOf({ id, project_id, plan_id, version, cron, next_at, last_run, made_by, made_at }: ScheduleRow, title: string): ScheduleView {
  return { id, project: project_id, plan: plan_id, version, title, cron, next_at, last_run, made_by, made_at }
}

export const scheduleFacts = ({ id, project, plan, version, cron }: ScheduleView): AuditFacts => ({
  object: { kind: 'query_schedule', id },
  details: { project, plan, version, cron },
})
