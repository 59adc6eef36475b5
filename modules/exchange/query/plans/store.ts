import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ApprovalReason } from './schema.ts'

export interface PlanRow {
  readonly id: Id<'query_plan'>
  readonly project_id: Id<'project'>
  readonly created_by: string
  readonly created_at: Instant
}

export interface VersionRow {
  readonly plan_id: Id<'query_plan'>
  readonly version: number
  readonly hash: string
  readonly document: QueryPlan
  readonly reasons: readonly ApprovalReason[]
  readonly review_id: Id<'review'> | null
  readonly approved_teams: readonly Id<'team'>[] | null
  readonly approved_at: Instant | null
  readonly made_by: string
  readonly made_at: Instant
}

const planColumns = 'id, project_id, created_by, created_at'
const versionColumns = 'plan_id, version, hash, document, reasons, review_id, approved_teams, approved_at, made_by, made_at'

/** @returns false where the project has as many as it may */
export async function insertPlan(tx: Tx, { id, project_id, created_by, created_at }: PlanRow, max: number): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO query.plan (tenant_id, ${planColumns}) SELECT $1, $2, $3, $4, $5
      WHERE (SELECT count(*) FROM query.plan WHERE tenant_id = $1 AND project_id = $3) < $6`,
    [tx.tenant, id, project_id, created_by, created_at, max],
  )
  return inserted === 1
}

export async function insertVersion(tx: Tx, row: VersionRow): Promise<void> {
  await tx.change(`INSERT INTO query.version (tenant_id, ${versionColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, [
    tx.tenant,
    row.plan_id,
    row.version,
    row.hash,
    JSON.stringify(row.document),
    row.reasons,
    row.review_id,
    row.approved_teams,
    row.approved_at,
    row.made_by,
    row.made_at,
  ])
}

export async function findPlan(tx: Tx, project: Id<'project'>, id: Id<'query_plan'>, lock = false): Promise<PlanRow | undefined> {
  const text = `SELECT ${planColumns} FROM query.plan WHERE tenant_id = $1 AND project_id = $2 AND id = $3${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<PlanRow>(text, [tx.tenant, project, id]))[0]
}

/** The newest first. */
export function listPlans(tx: Tx, project: Id<'project'>, before: Id<'query_plan'> | undefined, limit: number): Promise<PlanRow[]> {
  return tx.query<PlanRow>(
    `SELECT ${planColumns} FROM query.plan WHERE tenant_id = $1 AND project_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
    [tx.tenant, project, before ?? null, limit],
  )
}

/** The newest first. */
export function versionsOf(tx: Tx, plan: Id<'query_plan'>): Promise<VersionRow[]> {
  return tx.query<VersionRow>(`SELECT ${versionColumns} FROM query.version WHERE tenant_id = $1 AND plan_id = $2 ORDER BY version DESC`, [tx.tenant, plan])
}

/** The latest version of each. */
export function latestOf(tx: Tx, plans: readonly Id<'query_plan'>[]): Promise<VersionRow[]> {
  return tx.query<VersionRow>(
    `SELECT DISTINCT ON (plan_id) ${versionColumns} FROM query.version WHERE tenant_id = $1 AND plan_id = ANY($2::uuid[]) ORDER BY plan_id, version DESC`,
    [tx.tenant, plans],
  )
}

export async function findVersion(tx: Tx, plan: Id<'query_plan'>, version: number, lock = false): Promise<VersionRow | undefined> {
  const text = `SELECT ${versionColumns} FROM query.version WHERE tenant_id = $1 AND plan_id = $2 AND version = $3${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<VersionRow>(text, [tx.tenant, plan, version]))[0]
}

/** Of which project a plan is; for what is known by the plan alone. */
export async function projectOfPlan(tx: Tx, plan: Id<'query_plan'>): Promise<Id<'project'> | undefined> {
  return (await tx.query<{ project_id: Id<'project'> }>('SELECT project_id FROM query.plan WHERE tenant_id = $1 AND id = $2', [tx.tenant, plan]))[0]?.project_id
}

export async function setReview(tx: Tx, plan: Id<'query_plan'>, version: number, review: Id<'review'> | null): Promise<void> {
  await tx.change('UPDATE query.version SET review_id = $4 WHERE tenant_id = $1 AND plan_id = $2 AND version = $3', [tx.tenant, plan, version, review])
}

export async function setApproved(tx: Tx, plan: Id<'query_plan'>, version: number, teams: readonly Id<'team'>[], at: Instant): Promise<void> {
  await tx.change('UPDATE query.version SET approved_teams = $4, approved_at = $5 WHERE tenant_id = $1 AND plan_id = $2 AND version = $3', [
    tx.tenant,
    plan,
    version,
    teams,
    at,
  ])
}

/** The versions that results were made from, by plan and version. */
export async function versionsAt(tx: Tx, of: readonly { readonly plan_id: Id<'query_plan'>; readonly version: number }[]): Promise<Map<string, VersionRow>> {
  const rows = await tx.query<VersionRow>(
    `SELECT ${versionColumns} FROM query.version WHERE tenant_id = $1 AND (plan_id, version) IN (SELECT * FROM unnest($2::uuid[], $3::int[]))`,
    [tx.tenant, of.map(({ plan_id }) => plan_id), of.map(({ version }) => version)],
  )
  return new Map(rows.map((row) => [`${row.plan_id} ${row.version}`, row]))
}
