import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Model } from '@gatehouse/linkage/model/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { JobReport } from './report.ts'
import type { Job, Stage } from './schema.ts'
import type { JobReason, JobState } from './states.ts'

type Project = Id<'project'>
type JobId = Id<'link_job'>

export interface JobDetailRow extends Job {
  readonly report: JobReport | null
  readonly model: Model | null
}

const columns = 'id, left_table AS left, right_table AS right, options, state, stage, reason, links, doubtful, created_by, created_at, started_at, ended_at'

export async function insertJob(tx: Tx, project: Project, job: Job, model: Model | null): Promise<void> {
  await tx.change(
    `INSERT INTO linkage.job (tenant_id, project_id, id, left_table, right_table, options, state, model, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tx.tenant,
      project,
      job.id,
      job.left,
      job.right,
      JSON.stringify(job.options),
      job.state,
      model === null ? null : JSON.stringify(model),
      job.created_by,
      job.created_at,
    ],
  )
}

/** Newest first. */
export function listJobRows(tx: Tx, project: Project, before: JobId | undefined, limit: number): Promise<Job[]> {
  return tx.query<Job>(
    `SELECT ${columns} FROM linkage.job WHERE tenant_id = $1 AND project_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
    [tx.tenant, project, before ?? null, limit],
  )
}

export async function findJob(tx: Tx, project: Project, id: JobId, lock = false): Promise<JobDetailRow | undefined> {
  const text = `SELECT ${columns}, report, model FROM linkage.job WHERE tenant_id = $1 AND project_id = $2 AND id = $3${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<JobDetailRow>(text, [tx.tenant, project, id]))[0]
}

export async function countOpenJobs(tx: Tx, project: Project): Promise<number> {
  const text = `SELECT count(*) AS open FROM linkage.job WHERE tenant_id = $1 AND project_id = $2 AND state IN ('queued', 'running')`
  return (await tx.query<{ open: number }>(text, [tx.tenant, project]))[0]?.open ?? 0
}

/** @returns whether it may begin; one that was lost with its process begins anew */
export async function beginJob(tx: Tx, project: Project, id: JobId, now: Instant): Promise<boolean> {
  const changed = await tx.change(
    `UPDATE linkage.job SET state = 'running', stage = 'reading', started_at = $4, alive_at = $4
      WHERE tenant_id = $1 AND project_id = $2 AND id = $3 AND state IN ('queued', 'running')`,
    [tx.tenant, project, id, now],
  )
  return changed === 1
}

/** @returns false once it is cancelled */
export async function sayAlive(tx: Tx, project: Project, id: JobId, stage: Stage, now: Instant): Promise<boolean> {
  const changed = await tx.change(
    `UPDATE linkage.job SET stage = $4, alive_at = $5 WHERE tenant_id = $1 AND project_id = $2 AND id = $3 AND state = 'running'`,
    [tx.tenant, project, id, stage, now],
  )
  return changed === 1
}

export async function endJob(tx: Tx, project: Project, id: JobId, state: JobState, reason: JobReason | null, now: Instant): Promise<boolean> {
  const changed = await tx.change(
    `UPDATE linkage.job SET state = $4, reason = $5, stage = NULL, ended_at = $6
      WHERE tenant_id = $1 AND project_id = $2 AND id = $3 AND state IN ('queued', 'running')`,
    [tx.tenant, project, id, state, reason, now],
  )
  return changed === 1
}

export async function finishJob(
  tx: Tx,
  project: Project,
  id: JobId,
  { report, model, links, doubtful, now }: { report: JobReport; model: Model; links: number; doubtful: number; now: Instant },
): Promise<boolean> {
  const changed = await tx.change(
    `UPDATE linkage.job SET state = 'done', stage = NULL, report = $4, model = $5, links = $6, doubtful = $7, ended_at = $8
      WHERE tenant_id = $1 AND project_id = $2 AND id = $3 AND state = 'running'`,
    [tx.tenant, project, id, JSON.stringify(report), JSON.stringify(model), links, doubtful, now],
  )
  return changed === 1
}

/** In the scope of the node: those that were lost with their process, and were not taken up again. */
export async function loseSilentJobs(tx: Tx, before: Instant, now: Instant): Promise<number> {
  return tx.change(`UPDATE linkage.job SET state = 'failed', reason = 'lost', stage = NULL, ended_at = $2 WHERE state = 'running' AND alive_at < $1`, [
    before,
    now,
  ])
}
