import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
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
