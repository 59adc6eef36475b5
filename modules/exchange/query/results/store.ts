import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { ToldApart } from '@gatehouse/query/steps/told-apart'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { NodeOfResult } from '../parts/schema.ts'
import type { ResultView, resultEnds, SdcReport } from './schema.ts'

export interface ResultRow {
  readonly id: Id<'query_result'>
  readonly project_id: Id<'project'>
  readonly run_id: Id<'query_run'>
  readonly plan_id: Id<'query_plan'>
  readonly version: number
  readonly title: string
  readonly form: ResultView['form']
  readonly kind: ResultView['kind']
  readonly state: ResultView['state']
  readonly ended_by: (typeof resultEnds)[number] | null
  readonly kek_version: number | null
  readonly wrapped: Uint8Array | null
  readonly rows: number
  readonly columns: ResultView['columns']
  readonly report: SdcReport
  readonly digest: string
  readonly sources: ResultView['sources']
  readonly review_id: Id<'review'> | null
  readonly made_at: Instant
  readonly released_at: Instant | null
  readonly expires_at: Instant
  readonly ended_at: Instant | null
  readonly source: string | null
  /** Other nodes that took part, and what came of each. */
  readonly nodes: readonly NodeOfResult[] | null
  /** By what the people of its tables are told apart; unknown of results of earlier versions. */
  readonly told_apart: ToldApart | null
}

const columns = `id, project_id, run_id, plan_id, version, title, form, kind, state, ended_by, kek_version, wrapped, rows, columns, report, digest, sources, review_id, made_at,
  released_at, expires_at, ended_at, source, nodes, told_apart`

/** @returns false where the run has a result already */
export async function insertResult(tx: Tx, row: ResultRow): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO query.result (tenant_id, ${columns})
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) ON CONFLICT (tenant_id, run_id) DO NOTHING`,
    [
      tx.tenant,
      row.id,
      row.project_id,
      row.run_id,
      row.plan_id,
      row.version,
      row.title,
      row.form,
      row.kind,
      row.state,
      row.ended_by,
      row.kek_version,
      row.wrapped,
      row.rows,
      JSON.stringify(row.columns),
      JSON.stringify(row.report),
      row.digest,
      JSON.stringify(row.sources),
      row.review_id,
      row.made_at,
      row.released_at,
      row.expires_at,
      row.ended_at,
      row.source,
      row.nodes === null ? null : JSON.stringify(row.nodes),
      row.told_apart === null ? null : JSON.stringify(row.told_apart),
    ],
  )
  return inserted === 1
}

export async function findResult(tx: Tx, id: Id<'query_result'>, lock = false): Promise<ResultRow | undefined> {
  const text = `SELECT ${columns} FROM query.result WHERE tenant_id = $1 AND id = $2${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<ResultRow>(text, [tx.tenant, id]))[0]
}

/** The newest first. */
export function listResults(
  tx: Tx,
  project: Id<'project'>,
  { plan, before, limit }: { readonly plan: Id<'query_plan'> | undefined; readonly before: Id<'query_result'> | undefined; readonly limit: number },
): Promise<ResultRow[]> {
  return tx.query<ResultRow>(
    `SELECT ${columns} FROM query.result WHERE tenant_id = $1 AND project_id = $2 AND ($3::uuid IS NULL OR plan_id = $3) AND ($4::uuid IS NULL OR id < $4)
      ORDER BY id DESC LIMIT $5`,
    [tx.tenant, project, plan ?? null, before ?? null, limit],
  )
}

/** How many of the project left disclosure control. */
export async function countReleased(tx: Tx, project: Id<'project'>): Promise<number> {
  const rows = await tx.query<{ count: number }>('SELECT count(*) FROM query.result WHERE tenant_id = $1 AND project_id = $2 AND released_at IS NOT NULL', [
    tx.tenant,
    project,
  ])
  return rows[0]?.count ?? 0
}

export async function markReleased(tx: Tx, id: Id<'query_result'>, at: Instant): Promise<boolean> {
  return (
    (await tx.change(`UPDATE query.result SET state = 'released', released_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'held'`, [
      tx.tenant,
      id,
      at,
    ])) === 1
  )
}

/** Its key is destroyed with it; whatever copy of the rows is left anywhere is noise. */
export async function markEnded(tx: Tx, id: Id<'query_result'>, by: (typeof resultEnds)[number], at: Instant): Promise<boolean> {
  const ended = await tx.change(
    `UPDATE query.result SET state = 'ended', ended_by = $3, ended_at = $4, kek_version = NULL, wrapped = NULL WHERE tenant_id = $1 AND id = $2 AND state <> 'ended'`,
    [tx.tenant, id, by, at],
  )
  return ended === 1
}

export async function setResultReview(tx: Tx, id: Id<'query_result'>, review: Id<'review'>): Promise<void> {
  await tx.change('UPDATE query.result SET review_id = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, review])
}

export async function setResultSource(tx: Tx, id: Id<'query_result'>, source: string): Promise<void> {
  await tx.change('UPDATE query.result SET source = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, source])
}

/** Results of every tenant whose time is over: for the job, in the node's scope. */
export function expiredResults(tx: Tx, now: Instant, limit: number): Promise<{ tenant_id: Id<'tenant'>; id: Id<'query_result'> }[]> {
  return tx.query('SELECT tenant_id, id FROM query.result WHERE wrapped IS NOT NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2', [now, limit])
}

// Keys under the tenant's

export interface OldKeyRow {
  readonly id: string
  readonly kek_version: number
  readonly wrapped: Uint8Array
}

/** Rows with a key of their own under the tenant's. */
type KeyTable = 'result' | 'run' | 'session'

export function oldKeys(tx: Tx, table: KeyTable, below: number, after: string, limit: number): Promise<OldKeyRow[]> {
  return tx.query(
    `SELECT id, kek_version, wrapped FROM query.${table} WHERE tenant_id = $1 AND kek_version < $2 AND id > $3 ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED`,
    [tx.tenant, below, after, limit],
  )
}

export async function storeKeys(tx: Tx, table: KeyTable, kekVersion: number, ids: readonly string[], wrapped: readonly Uint8Array[]): Promise<void> {
  await tx.change(
    `UPDATE query.${table} t SET kek_version = $2, wrapped = m.wrapped FROM unnest($3::uuid[], $4::bytea[]) AS m(id, wrapped)
      WHERE t.tenant_id = $1 AND t.id = m.id AND t.wrapped IS NOT NULL`,
    [tx.tenant, kekVersion, ids, wrapped],
  )
}

export async function countOldKeys(tx: Tx, table: KeyTable, below: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(`SELECT count(*) FROM query.${table} WHERE tenant_id = $1 AND kek_version < $2`, [tx.tenant, below])
  return rows[0]?.count ?? 0
}

/** Results with rows of people: whoever is erased may be in any of them. */
export function endResultsOfPeople(tx: Tx, at: Instant): Promise<Pick<ResultRow, 'run_id'>[]> {
  return tx.query(
    `UPDATE query.result SET state = 'ended', ended_by = 'person_erased', ended_at = $2, kek_version = NULL, wrapped = NULL
      WHERE tenant_id = $1 AND state <> 'ended' AND form <> 'anonymised' AND kind = 'rows' RETURNING run_id`,
    [tx.tenant, at],
  )
}
/** Ended results whose objects may still lie there: in the node's scope. */
export function resultsToEmpty(tx: Tx, limit: number): Promise<{ tenant_id: Id<'tenant'>; id: Id<'query_result'>; source: string | null }[]> {
  return tx.query(`SELECT tenant_id, id, source FROM query.result WHERE state = 'ended' AND emptied_at IS NULL ORDER BY ended_at LIMIT $1`, [limit])
}

export async function markEmptied(tx: Tx, id: Id<'query_result'>, at: Instant): Promise<void> {
  await tx.change('UPDATE query.result SET emptied_at = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, at])
}
