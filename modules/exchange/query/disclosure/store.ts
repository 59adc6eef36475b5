import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { ToldApart } from '@gatehouse/query/steps/told-apart'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface CohortRow {
  readonly result_id: Id<'query_result'>
  readonly people: number
  readonly blob: string
}

/** Of a result that is made; it counts against later ones once it is released. */
export async function insertCohort(tx: Tx, project: Id<'project'>, { result_id, people, blob }: CohortRow): Promise<void> {
  await tx.change('INSERT INTO query.cohort (tenant_id, project_id, result_id, people, blob) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [
    tx.tenant,
    project,
    result_id,
    people,
    blob,
  ])
}

export async function findCohort(tx: Tx, result: Id<'query_result'>): Promise<CohortRow | undefined> {
  return (await tx.query<CohortRow>('SELECT result_id, people, blob FROM query.cohort WHERE tenant_id = $1 AND result_id = $2', [tx.tenant, result]))[0]
}

export async function markCohortReleased(tx: Tx, result: Id<'query_result'>, at: Instant): Promise<void> {
  await tx.change('UPDATE query.cohort SET released_at = $3 WHERE tenant_id = $1 AND result_id = $2', [tx.tenant, result, at])
}

/** Those that left before, the newest first. Two releases of a project are judged one after the other. */
export async function releasedCohorts(tx: Tx, project: Id<'project'>, limit: number): Promise<CohortRow[]> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`query cohorts ${tx.tenant} ${project}`])
  return tx.query<CohortRow>(
    'SELECT result_id, people, blob FROM query.cohort WHERE tenant_id = $1 AND project_id = $2 AND released_at IS NOT NULL ORDER BY released_at DESC LIMIT $3',
    [tx.tenant, project, limit],
  )
}

/** Those that left of the same tables and tell their people apart otherwise, or not at all; of those that left after `since`, where it is given. */
export async function countUncompared(
  tx: Tx,
  project: Id<'project'>,
  { result, toldApart, since = null }: { readonly result: Id<'query_result'>; readonly toldApart: ToldApart; readonly since?: Instant | null },
): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM query.result AS earlier
      WHERE tenant_id = $1 AND project_id = $2 AND id <> $3 AND released_at IS NOT NULL AND ($5::timestamptz IS NULL OR released_at > $5)
        AND EXISTS (
          SELECT 1 FROM jsonb_each_text($4::jsonb) AS mine (of, how)
          WHERE earlier.sources @> jsonb_build_array(jsonb_build_object('table', mine.of)) AND (mine.how IS NULL OR earlier.told_apart->>mine.of IS DISTINCT FROM mine.how))`,
    [tx.tenant, project, result, JSON.stringify(toldApart), since],
  )
  return rows[0]?.count ?? 0
}

// Figures told outside of results

export interface AskedRow {
  readonly id: Id<'query_run'>
  readonly told: number
  readonly blob: string
  readonly asked_at: Instant
}

/** Holds the questions of a project until the act ends. */
export async function lockAsking(tx: Tx, project: Id<'project'>): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`query asked ${tx.tenant} ${project}`])
}

export function askedCohorts(tx: Tx, project: Id<'project'>, limit: number): Promise<AskedRow[]> {
  return tx.query<AskedRow>('SELECT id, told, blob, asked_at FROM query.asked WHERE tenant_id = $1 AND project_id = $2 ORDER BY asked_at DESC LIMIT $3', [
    tx.tenant,
    project,
    limit,
  ])
}

export async function questionsSince(tx: Tx, project: Id<'project'>, since: Instant): Promise<number> {
  const rows = await tx.query<{ count: number }>('SELECT count(*)::int AS count FROM query.asked WHERE tenant_id = $1 AND project_id = $2 AND asked_at > $3', [
    tx.tenant,
    project,
    since,
  ])
  return rows[0]?.count ?? 0
}

export async function insertAsked(tx: Tx, project: Id<'project'>, { id, told, blob, asked_at }: AskedRow): Promise<void> {
  await tx.query('INSERT INTO query.asked (tenant_id, project_id, id, told, blob, asked_at) VALUES ($1, $2, $3, $4, $5, $6)', [
    tx.tenant,
    project,
    id,
    told,
    blob,
    asked_at,
  ])
}
