/** The SQL of reviews. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Panel, ReviewKindName } from '@gatehouse/runtime/door/review-kind'
import type { Standing, Vote } from './decide.ts'
import { openStates, type ReviewState } from './life.ts'

export interface ReviewRow extends Standing {
  readonly id: Id<'review'>
  readonly kind: ReviewKindName
  readonly object: string
  readonly author: string
  readonly opened_at: Instant
  readonly deadline: Instant
  readonly changed_at: Instant
  readonly votes: readonly CastVote[]
}

export interface CastVote extends Vote {
  /** Hex. */
  readonly nonce: string
  readonly voted_at: Instant
}

const columns = `r.id, r.kind, r.object, encode(r.digest, 'hex') AS digest, r.author::text, r.authors::text[], r.round, r.state, r.opened_at, r.deadline, r.changed_at`
const panels = `(SELECT coalesce(json_agg(json_build_object('kind', p.kind, 'id', p.group_id, 'quorum', p.quorum) ORDER BY p.place), '[]')
  FROM approvals.panel p WHERE p.tenant_id = r.tenant_id AND p.review_id = r.id) AS panels`

type BareRow = Omit<ReviewRow, 'votes'>

async function withVotes(tx: Tx, rows: readonly BareRow[]): Promise<ReviewRow[]> {
  if (rows.length === 0) return []
  const votes = await tx.query<CastVote & { review_id: string }>(
    `SELECT b.review_id, b.voter::text, b.seat::text, b.panel, b.choice, encode(b.nonce, 'hex') AS nonce, b.voted_at
      FROM approvals.ballot b JOIN approvals.review r ON r.tenant_id = b.tenant_id AND r.id = b.review_id AND r.round = b.round
      WHERE b.tenant_id = $1 AND b.review_id = ANY($2::uuid[]) ORDER BY b.voted_at, b.voter`,
    [tx.tenant, rows.map(({ id }) => id)],
  )
  return rows.map((row) => ({ ...row, votes: votes.filter(({ review_id }) => review_id === row.id).map(({ review_id: _, ...vote }) => vote) }))
}

/** `held` keeps others who would change it waiting until the act ends. */
export async function reviewById(tx: Tx, id: Id<'review'>, held: boolean): Promise<ReviewRow | undefined> {
  // Two statements: what is locked first is read as it is once the lock is held.
  if (held) await tx.query('SELECT 1 FROM approvals.review WHERE tenant_id = $1 AND id = $2 FOR UPDATE', [tx.tenant, id])
  return (
    await withVotes(tx, await tx.query<BareRow>(`SELECT ${columns}, ${panels} FROM approvals.review r WHERE r.tenant_id = $1 AND r.id = $2`, [tx.tenant, id]))
  )[0]
}

/** The open review of a thing. */
export async function openReviewOf(tx: Tx, kind: ReviewKindName, object: string): Promise<ReviewRow | undefined> {
  const rows = await tx.query<{ id: Id<'review'> }>(
    'SELECT id FROM approvals.review WHERE tenant_id = $1 AND kind = $2 AND object = $3 AND state = ANY($4::text[])',
    [tx.tenant, kind, object, openStates],
  )
  return rows[0] && reviewById(tx, rows[0].id, false)
}

export async function countOpen(tx: Tx): Promise<number> {
  const rows = await tx.query<{ count: number }>('SELECT count(*) AS count FROM approvals.review WHERE tenant_id = $1 AND state = ANY($2::text[])', [
    tx.tenant,
    openStates,
  ])
  return rows[0]?.count ?? 0
}

/** @returns false where the thing has an open review already */
export async function insertReview(tx: Tx, review: BareRow, remindAt: Instant): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO approvals.review (tenant_id, id, kind, object, digest, author, authors, round, state, opened_at, deadline, changed_at, remind_at)
      VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, $7::uuid[], $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
    [
      tx.tenant,
      review.id,
      review.kind,
      review.object,
      review.digest,
      review.author,
      review.authors,
      review.round,
      review.state,
      review.opened_at,
      review.deadline,
      review.changed_at,
      remindAt,
    ],
  )
  if (inserted === 1) await insertPanels(tx, review.id, review.panels)
  return inserted === 1
}

async function insertPanels(tx: Tx, review: Id<'review'>, of: readonly Panel[]): Promise<void> {
  await tx.query(
    `INSERT INTO approvals.panel (tenant_id, review_id, place, kind, group_id, quorum)
      SELECT $1, $2, p.place - 1, p.kind, p.group_id, p.quorum
      FROM unnest($3::text[], $4::text[], $5::smallint[]) WITH ORDINALITY AS p(kind, group_id, quorum, place)`,
    [tx.tenant, review, of.map(({ kind }) => kind), of.map(({ id }) => id), of.map(({ quorum }) => quorum)],
  )
}

/** Panels may change from one round to the next, while there is no vote; and there is another deadline to be reminded of. */
export async function beginRound(tx: Tx, review: Id<'review'>, of: readonly Panel[], remindAt: Instant): Promise<void> {
  await tx.query('UPDATE approvals.review SET remind_at = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, review, remindAt])
  await tx.query('DELETE FROM approvals.panel WHERE tenant_id = $1 AND review_id = $2', [tx.tenant, review])
  await insertPanels(tx, review, of)
}

export async function moveReview(tx: Tx, { id, state, digest, authors, round, deadline }: Omit<BareRow, 'panels'>, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE approvals.review SET state = $3, digest = decode($4, 'hex'), authors = $5::uuid[], round = $6, deadline = $7, changed_at = $8
      WHERE tenant_id = $1 AND id = $2`,
    [tx.tenant, id, state, digest, authors, round, deadline, now],
  )
}

export async function putBallot(
  tx: Tx,
  { id, round }: Pick<ReviewRow, 'id' | 'round'>,
  { voter, seat, panel, choice }: Vote,
  nonce: Uint8Array,
  now: Instant,
): Promise<void> {
  await tx.query(
    `INSERT INTO approvals.ballot (tenant_id, review_id, round, voter, seat, panel, choice, nonce, voted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (tenant_id, review_id, round, voter) DO UPDATE SET choice = excluded.choice, nonce = excluded.nonce, voted_at = excluded.voted_at`,
    [tx.tenant, id, round, voter, seat, panel, choice, nonce, now],
  )
}

export async function dropBallots(tx: Tx, { id, round }: Pick<ReviewRow, 'id' | 'round'>, votes: readonly Vote[]): Promise<void> {
  if (votes.length === 0) return
  await tx.query('DELETE FROM approvals.ballot WHERE tenant_id = $1 AND review_id = $2 AND round = $3 AND voter = ANY($4::uuid[])', [
    tx.tenant,
    id,
    round,
    votes.map(({ voter }) => voter),
  ])
}

/** The panels of open reviews, each once. */
export function openPanels(tx: Tx): Promise<{ kind: Panel['kind']; id: string }[]> {
  return tx.query(
    `SELECT DISTINCT p.kind, p.group_id AS id FROM approvals.panel p JOIN approvals.review r ON r.tenant_id = p.tenant_id AND r.id = p.review_id
      WHERE p.tenant_id = $1 AND r.state = ANY($2::text[])`,
    [tx.tenant, openStates],
  )
}

export interface ReviewFilter {
  /** Only those whose author it is. */
  readonly author?: string | undefined
  /** Only those that wait for this user, who has these seats with their groups (`kind id`). */
  readonly waitingFor?: { readonly user: string; readonly seats: readonly { readonly holder: string; readonly groups: readonly string[] }[] } | undefined
  readonly state?: ReviewState | undefined
  readonly kind?: ReviewKindName | undefined
  readonly after?: Id<'review'> | undefined
  readonly now: Instant
}

/** By deadline, the nearest first. Whoever has voted in this round is not waited for, and no seat that has a vote. */
export async function listReviewRows(tx: Tx, filter: ReviewFilter, limit: number): Promise<ReviewRow[]> {
  const { waitingFor } = filter
  const pairs = waitingFor?.seats.flatMap(({ holder, groups }) => groups.map((group) => [holder, group] as const)) ?? []
  const rows = await tx.query<BareRow>(
    `SELECT ${columns}, ${panels} FROM approvals.review r
      WHERE r.tenant_id = $1
        AND (CASE WHEN $2::text IS NULL THEN r.state = ANY($3::text[]) AND r.deadline > $11
          ELSE CASE WHEN r.state = ANY($3::text[]) AND r.deadline <= $11 THEN 'expired' ELSE r.state END = $2 END)
        AND ($4::text IS NULL OR r.kind = $4)
        AND ($5::uuid IS NULL OR r.author = $5)
        AND ($6::uuid IS NULL OR (r.state = 'returned' AND r.author = $6)
          OR (r.state = 'reviewed' AND EXISTS (
            SELECT 1 FROM approvals.ballot b WHERE b.tenant_id = r.tenant_id AND b.review_id = r.id AND b.round = r.round AND b.voter = $6))
          OR (r.state IN ('submitted', 'partially_reviewed') AND $6 <> ALL(r.authors)
          AND NOT EXISTS (SELECT 1 FROM approvals.ballot b WHERE b.tenant_id = r.tenant_id AND b.review_id = r.id AND b.round = r.round AND b.voter = $6)
          AND EXISTS (
            SELECT 1 FROM unnest($7::uuid[], $8::text[]) AS s(holder, panel)
            JOIN approvals.panel p ON p.tenant_id = r.tenant_id AND p.review_id = r.id AND p.kind || ' ' || p.group_id = s.panel
            WHERE s.holder <> ALL(r.authors) AND NOT EXISTS (
              SELECT 1 FROM approvals.ballot b WHERE b.tenant_id = r.tenant_id AND b.review_id = r.id AND b.round = r.round AND b.seat = s.holder))))
        AND ($9::uuid IS NULL OR (r.deadline, r.id) > (SELECT c.deadline, c.id FROM approvals.review c WHERE c.tenant_id = $1 AND c.id = $9))
      ORDER BY r.deadline, r.id LIMIT $10`,
    [
      tx.tenant,
      filter.state ?? null,
      openStates,
      filter.kind ?? null,
      filter.author ?? null,
      waitingFor?.user ?? null,
      pairs.map(([holder]) => holder),
      pairs.map(([, group]) => group),
      filter.after ?? null,
      limit,
      filter.now,
    ],
  )
  return withVotes(tx, rows)
}

/** Those whose time is over, held so that two processes do not end one twice. */
export async function overdue(tx: Tx, now: Instant, limit: number): Promise<ReviewRow[]> {
  return withVotes(
    tx,
    await tx.query<BareRow>(
      `SELECT ${columns}, ${panels} FROM approvals.review r WHERE r.tenant_id = $1 AND r.state = ANY($2::text[]) AND r.deadline <= $3
        ORDER BY r.deadline LIMIT $4 FOR UPDATE OF r SKIP LOCKED`,
      [tx.tenant, openStates, now, limit],
    ),
  )
}

/** Open ones of which those concerned are to be reminded; each round is given once. */
export function roundsDue(tx: Tx, now: Instant, limit: number): Promise<Pick<ReviewRow, 'id' | 'kind' | 'round'>[]> {
  return tx.query(
    `UPDATE approvals.review SET remind_at = NULL WHERE tenant_id = $1 AND id IN (
        SELECT r.id FROM approvals.review r WHERE r.tenant_id = $1 AND r.state = ANY($2::text[]) AND r.remind_at <= $3 AND r.deadline > $3
        ORDER BY r.remind_at LIMIT $4 FOR UPDATE SKIP LOCKED)
      RETURNING id, kind, round`,
    [tx.tenant, openStates, now, limit],
  )
}

// Comments

export interface CommentRow {
  readonly id: Id<'comment'>
  readonly round: number
  readonly author: string
  readonly visibility: 'private' | 'public'
  readonly text: string
  readonly said_at: Instant
}

export async function insertComment(tx: Tx, review: Id<'review'>, comment: CommentRow): Promise<void> {
  await tx.query('INSERT INTO approvals.comment (tenant_id, id, review_id, round, author, visibility, text, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
    tx.tenant,
    comment.id,
    review,
    comment.round,
    comment.author,
    comment.visibility,
    comment.text,
    comment.said_at,
  ])
}

export function commentsOf(tx: Tx, review: Id<'review'>): Promise<CommentRow[]> {
  return tx.query<CommentRow>(
    'SELECT id, round, author::text, visibility, text, said_at FROM approvals.comment WHERE tenant_id = $1 AND review_id = $2 ORDER BY said_at, id',
    [tx.tenant, review],
  )
}

// Delegations

export interface DelegationRow {
  readonly id: Id<'delegation'>
  readonly from: string
  readonly to: string
  readonly begun_at: Instant
  readonly ends_at: Instant
}

const delegationColumns = 'd.id, d.from_user::text AS "from", d.to_user::text AS "to", d.begun_at, d.ends_at'

/** Those in force that hand a seat over, or to, somebody. */
export function delegationsAround(tx: Tx, user: string, now: Instant): Promise<DelegationRow[]> {
  return tx.query<DelegationRow>(
    `SELECT ${delegationColumns} FROM approvals.delegation d
      WHERE d.tenant_id = $1 AND d.ended_at IS NULL AND d.ends_at > $3 AND (d.from_user = $2 OR d.to_user = $2) ORDER BY d.id`,
    [tx.tenant, user, now],
  )
}

export function delegationsInForce(tx: Tx, now: Instant): Promise<DelegationRow[]> {
  return tx.query<DelegationRow>(`SELECT ${delegationColumns} FROM approvals.delegation d WHERE d.tenant_id = $1 AND d.ended_at IS NULL AND d.ends_at > $2`, [
    tx.tenant,
    now,
  ])
}

/** @returns false where the person has handed the seat over already */
export async function insertDelegation(tx: Tx, delegation: DelegationRow): Promise<boolean> {
  // One whose date has passed has ended then; its row is closed by the next.
  await tx.query('UPDATE approvals.delegation SET ended_at = ends_at WHERE tenant_id = $1 AND from_user = $2 AND ended_at IS NULL AND ends_at <= $3', [
    tx.tenant,
    delegation.from,
    delegation.begun_at,
  ])
  const inserted = await tx.change(
    'INSERT INTO approvals.delegation (tenant_id, id, from_user, to_user, begun_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING',
    [tx.tenant, delegation.id, delegation.from, delegation.to, delegation.begun_at, delegation.ends_at],
  )
  return inserted === 1
}

/** @returns `undefined` where there is no such delegation of this person in force */
export async function endDelegation(tx: Tx, id: Id<'delegation'>, from: string, now: Instant): Promise<DelegationRow | undefined> {
  const rows = await tx.query<DelegationRow>(
    `UPDATE approvals.delegation d SET ended_at = $4 WHERE d.tenant_id = $1 AND d.id = $2 AND d.from_user = $3 AND d.ended_at IS NULL AND d.ends_at > $4
      RETURNING ${delegationColumns}`,
    [tx.tenant, id, from, now],
  )
  return rows[0]
}

// Rules

export interface RuleRow {
  readonly kind: ReviewKindName
  readonly panels: readonly Panel[]
  readonly deadline_days: number
  readonly demanded: boolean
  readonly changed_at: Instant
}

export function rulesOf(tx: Tx): Promise<RuleRow[]> {
  return tx.query<RuleRow>('SELECT kind, panels, deadline_days, demanded, changed_at FROM approvals.review_rule WHERE tenant_id = $1', [tx.tenant])
}

export async function putRule(tx: Tx, { kind, panels: of, deadline_days, demanded, changed_at }: RuleRow): Promise<void> {
  await tx.query(
    `INSERT INTO approvals.review_rule (tenant_id, kind, panels, deadline_days, demanded, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (tenant_id, kind) DO UPDATE SET panels = excluded.panels, deadline_days = excluded.deadline_days, demanded = excluded.demanded, changed_at = excluded.changed_at`,
    [tx.tenant, kind, JSON.stringify(of), deadline_days, demanded, changed_at],
  )
}
