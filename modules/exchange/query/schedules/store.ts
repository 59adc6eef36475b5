import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Behalf } from '@gatehouse/runtime/door/operation'

export interface ScheduleRow {
  readonly id: Id<'query_schedule'>
  readonly project_id: Id<'project'>
  readonly plan_id: Id<'query_plan'>
  readonly version: number
  readonly cron: string
  readonly next_at: Instant
  readonly last_run: Id<'query_run'> | null
  readonly made_by: string
  readonly behalf: Behalf
  readonly made_at: Instant
}

const columns = 'id, project_id, plan_id, version, cron, next_at, last_run, made_by, behalf, made_at'

/** @returns false where the project has as many as it may */
export async function insertSchedule(tx: Tx, row: ScheduleRow, max: number): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO query.schedule (tenant_id, ${columns}) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
      WHERE (SELECT count(*) FROM query.schedule WHERE tenant_id = $1 AND project_id = $3) < $12`,
    [
      tx.tenant,
      row.id,
      row.project_id,
      row.plan_id,
      row.version,
      row.cron,
      row.next_at,
      row.last_run,
      row.made_by,
      JSON.stringify(row.behalf),
      row.made_at,
      max,
    ],
  )
  return inserted === 1
}

export function listSchedules(tx: Tx, project: Id<'project'>): Promise<ScheduleRow[]> {
  return tx.query<ScheduleRow>(`SELECT ${columns} FROM query.schedule WHERE tenant_id = $1 AND project_id = $2 ORDER BY id`, [tx.tenant, project])
}

export async function deleteSchedule(tx: Tx, project: Id<'project'>, id: Id<'query_schedule'>): Promise<ScheduleRow | undefined> {
  const text = `DELETE FROM query.schedule WHERE tenant_id = $1 AND project_id = $2 AND id = $3 RETURNING ${columns}`
  return (await tx.query<ScheduleRow>(text, [tx.tenant, project, id]))[0]
}

/** Those that are due, of every tenant, held until the transaction ends: for the job, in the node's scope. */
export function tenantsWithDue(tx: Tx, now: Instant): Promise<{ tenant_id: Id<'tenant'> }[]> {
  return tx.query('SELECT DISTINCT tenant_id FROM query.schedule WHERE next_at <= $1', [now])
}

export function dueSchedules(tx: Tx, now: Instant, limit: number): Promise<ScheduleRow[]> {
  return tx.query<ScheduleRow>(
    `SELECT ${columns} FROM query.schedule WHERE tenant_id = $1 AND next_at <= $2 ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [tx.tenant, now, limit],
  )
}

export async function moveSchedule(tx: Tx, id: Id<'query_schedule'>, next: Instant, run: Id<'query_run'> | undefined): Promise<void> {
  await tx.change('UPDATE query.schedule SET next_at = $3, last_run = coalesce($4::uuid, last_run) WHERE tenant_id = $1 AND id = $2', [
    tx.tenant,
    id,
    next,
    run ?? null,
  ])
}
