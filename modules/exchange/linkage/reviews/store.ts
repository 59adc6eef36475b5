import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Choice } from './opinions.ts'
import type { PairView, Review, reasons } from './schema.ts'
import type { PairState } from './states.ts'

export interface ReviewRow extends Pick<Review, 'id' | 'origin' | 'opinions' | 'state' | 'opened_at' | 'closes_at' | 'closed_at'> {
  /** Null once it is closed: what was sealed opens no more. */
  readonly salt: Uint8Array | null
}

type Project = Id<'project'>
const columns = 'id, origin, opinions, state, salt, opened_at, closes_at, closed_at'

export async function insertReview(tx: Tx, project: Project, row: ReviewRow): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO linkage.review (tenant_id, project_id, ${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant_id, project_id, id) DO NOTHING`,
    [tx.tenant, project, row.id, row.origin, row.opinions, row.state, row.salt, row.opened_at, row.closes_at, row.closed_at],
  )
  return inserted === 1
}

/** Held until the act ends, so that two opinions on one pair are counted one after the other. */
export async function lockReview(tx: Tx, project: Project, id: string): Promise<ReviewRow | undefined> {
  const text = `SELECT ${columns} FROM linkage.review WHERE tenant_id = $1 AND project_id = $2 AND id = $3 FOR UPDATE`
  return (await tx.query<ReviewRow>(text, [tx.tenant, project, id]))[0]
}

const counted = `SELECT r.id, r.origin, r.opinions, r.state, r.opened_at, r.closes_at, r.closed_at, count(p.number)::int AS pairs,
    (count(p.number) FILTER (WHERE p.state IN ('link', 'no_link')))::int AS decided, (count(p.number) FILTER (WHERE p.state = 'disputed'))::int AS disputed
  FROM linkage.review r LEFT JOIN linkage.pair p ON p.tenant_id = r.tenant_id AND p.project_id = r.project_id AND p.review_id = r.id`

export function listReviewRows(tx: Tx, project: Project, limit: number): Promise<Review[]> {
  return tx.query<Review>(
    `${counted} WHERE r.tenant_id = $1 AND r.project_id = $2 GROUP BY r.tenant_id, r.project_id, r.id ORDER BY r.state = 'open' DESC, r.opened_at DESC, r.id LIMIT $3`,
    [tx.tenant, project, limit],
  )
}

/** Of all projects that are there, open ones first. */
export function everyReview(tx: Tx, limit: number): Promise<(Review & { project: Project })[]> {
  return tx.query(
    `${counted.replace('SELECT r.id', 'SELECT r.project_id AS project, r.id')} WHERE r.tenant_id = $1 GROUP BY r.tenant_id, r.project_id, r.id
      ORDER BY r.state = 'open' DESC, r.opened_at DESC, r.id LIMIT $2`,
    [tx.tenant, limit],
  )
}

export async function countedReview(tx: Tx, project: Project, id: string): Promise<Review | undefined> {
  const text = `${counted} WHERE r.tenant_id = $1 AND r.project_id = $2 AND r.id = $3 GROUP BY r.tenant_id, r.project_id, r.id`
  return (await tx.query<Review>(text, [tx.tenant, project, id]))[0]
}

export interface PairRow {
  readonly number: number
  readonly left_row: string
  readonly right_row: string
  readonly probability: number
  readonly state: PairState
  readonly sealed: Uint8Array | null
}

export async function insertPairs(tx: Tx, project: Project, review: string, rows: readonly PairRow[]): Promise<void> {
  const list = <T>(of: (row: PairRow) => T) => rows.map(of)
  await tx.query(
    `INSERT INTO linkage.pair (tenant_id, project_id, review_id, number, left_row, right_row, probability, state, sealed)
      SELECT $1, $2, $3, p.* FROM unnest($4::int[], $5::text[], $6::text[], $7::float8[], $8::text[], $9::bytea[]) AS p ON CONFLICT DO NOTHING`,
    [
      tx.tenant,
      project,
      review,
      list((row) => row.number),
      list((row) => row.left_row),
      list((row) => row.right_row),
      list((row) => row.probability),
      list((row) => row.state),
      list((row) => row.sealed),
    ],
  )
}

export async function findPair(tx: Tx, project: Project, review: string, number: number): Promise<PairRow | undefined> {
  const text = `SELECT number, left_row, right_row, probability, state, sealed FROM linkage.pair WHERE tenant_id = $1 AND project_id = $2 AND review_id = $3 AND number = $4`
  return (await tx.query<PairRow>(text, [tx.tenant, project, review, number]))[0]
}

export function listPairRows(
  tx: Tx,
  project: Project,
  review: string,
  {
    reviewer,
    state,
    after,
    limit,
  }: { readonly reviewer: string; readonly state: PairState | undefined; readonly after: number | undefined; readonly limit: number },
): Promise<PairView[]> {
  return tx.query<PairView>(
    `SELECT p.number, p.probability, p.state, v.choice AS mine FROM linkage.pair p LEFT JOIN linkage.vote v
        ON v.tenant_id = p.tenant_id AND v.project_id = p.project_id AND v.review_id = p.review_id AND v.number = p.number AND v.reviewer = $4
      WHERE p.tenant_id = $1 AND p.project_id = $2 AND p.review_id = $3 AND ($5::text IS NULL OR p.state = $5) AND ($6::int IS NULL OR p.number > $6)
      ORDER BY p.number LIMIT $7`,
    [tx.tenant, project, review, reviewer, state ?? null, after ?? null, limit],
  )
}

/** The first behind this one, or else the first of all, that waits for somebody and that this reviewer has said nothing of. */
export async function nextPair(tx: Tx, project: Project, review: string, reviewer: string, after: number): Promise<number | null> {
  const rows = await tx.query<{ number: number }>(
    `SELECT p.number FROM linkage.pair p
      WHERE p.tenant_id = $1 AND p.project_id = $2 AND p.review_id = $3 AND p.state IN ('open', 'disputed') AND NOT EXISTS (SELECT 1 FROM linkage.vote v
        WHERE v.tenant_id = p.tenant_id AND v.project_id = p.project_id AND v.review_id = p.review_id AND v.number = p.number AND v.reviewer = $4)
      ORDER BY p.number <= $5, p.number LIMIT 1`,
    [tx.tenant, project, review, reviewer, after],
  )
  return rows[0]?.number ?? null
}

export interface VoteRow {
  readonly reviewer: string
  readonly choice: Choice
  readonly reason: (typeof reasons)[number]
}

export function votesOn(tx: Tx, project: Project, review: string, number: number): Promise<VoteRow[]> {
  return tx.query<VoteRow>(
    'SELECT reviewer, choice, reason FROM linkage.vote WHERE tenant_id = $1 AND project_id = $2 AND review_id = $3 AND number = $4 ORDER BY voted_at, reviewer',
    [tx.tenant, project, review, number],
  )
}

export async function putVote(tx: Tx, project: Project, review: string, number: number, { reviewer, choice, reason }: VoteRow, at: Instant): Promise<void> {
  await tx.change(
    `INSERT INTO linkage.vote (tenant_id, project_id, review_id, number, reviewer, choice, reason, voted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (tenant_id, project_id, review_id, number, reviewer) DO UPDATE SET choice = excluded.choice, reason = excluded.reason, voted_at = excluded.voted_at`,
    [tx.tenant, project, review, number, reviewer, choice, reason, at],
  )
}

export async function setPairState(tx: Tx, project: Project, review: string, number: number, state: PairState, at: Instant | null): Promise<void> {
  await tx.change('UPDATE linkage.pair SET state = $5, decided_at = $6 WHERE tenant_id = $1 AND project_id = $2 AND review_id = $3 AND number = $4', [
    tx.tenant,
    project,
    review,
    number,
    state,
    at,
  ])
}

export async function countWaiting(tx: Tx, project: Project, review: string): Promise<number> {
  const text = `SELECT count(*) AS waiting FROM linkage.pair WHERE tenant_id = $1 AND project_id = $2 AND review_id = $3 AND state IN ('open', 'disputed')`
  return (await tx.query<{ waiting: number }>(text, [tx.tenant, project, review]))[0]?.waiting ?? 0
}

/** What was sealed goes, and what it was sealed with. */
export async function closeReviewRow(tx: Tx, project: Project, id: string, at: Instant): Promise<void> {
  await tx.change(`UPDATE linkage.review SET state = 'closed', salt = NULL, closed_at = $4 WHERE tenant_id = $1 AND project_id = $2 AND id = $3`, [
    tx.tenant,
    project,
    id,
    at,
  ])
  await tx.change(
    `UPDATE linkage.pair SET sealed = NULL, state = CASE WHEN state IN ('open', 'disputed') THEN 'left_open' ELSE state END
      WHERE tenant_id = $1 AND project_id = $2 AND review_id = $3`,
    [tx.tenant, project, id],
  )
}

/** In the scope of the node. */
export function overdueReviews(tx: Tx, now: Instant): Promise<{ tenant_id: Id<'tenant'>; project_id: Project; id: string }[]> {
  return tx.query(`SELECT tenant_id, project_id, id FROM linkage.review WHERE state = 'open' AND closes_at <= $1 ORDER BY closes_at LIMIT 100`, [now])
}

export interface DecisionRow {
  readonly one_row: string
  readonly other_row: string
  readonly linked: boolean
}

export async function putDecision(tx: Tx, project: Project, { one_row, other_row, linked }: DecisionRow, review: string, at: Instant): Promise<void> {
  await tx.change(
    `INSERT INTO linkage.decision (tenant_id, project_id, one_row, other_row, linked, review_id, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (tenant_id, project_id, one_row, other_row) DO UPDATE SET linked = excluded.linked, review_id = excluded.review_id, decided_at = excluded.decided_at`,
    [tx.tenant, project, one_row, other_row, linked, review, at],
  )
}

export function decisionRows(tx: Tx, project: Project): Promise<DecisionRow[]> {
  return tx.query<DecisionRow>('SELECT one_row, other_row, linked FROM linkage.decision WHERE tenant_id = $1 AND project_id = $2 ORDER BY one_row, other_row', [
    tx.tenant,
    project,
  ])
}
