import { type Id, lowestIdAt } from '@gatehouse/core/id'
import { type Instant, instantMs } from '@gatehouse/core/instant'
import type { CountNeed } from '@gatehouse/policy/question'
import { queryBuilder, type Tx } from '@gatehouse/runtime/data/db'
import { sql } from 'kysely'
import type { ReleasePlan } from './plan.ts'
import type { ReleaseState } from './states.ts'

export interface GrantRow {
  readonly tenant_id: Id<'tenant'>
  readonly subject_id: Id<'subject'>
  readonly id: Id<'release'>
  readonly token_hash: Uint8Array
  readonly partner_id: Id<'partner'>
  readonly purpose: string
  readonly record_type: string
  readonly rules: readonly string[]
  readonly plan: ReleasePlan
  readonly decision_entry: Id<'entry'>
  readonly state: ReleaseState
  readonly issued_at: Instant
  readonly expires_at: Instant
  readonly spent_at: Instant | null
  readonly closed_at: Instant | null
  readonly bytes: number | null
}

export type NewGrant = Omit<GrantRow, 'tenant_id' | 'state' | 'spent_at' | 'closed_at' | 'bytes'>

const insert = {
  name: 'release-insert',
  text: `INSERT INTO release.grant (tenant_id, subject_id, id, token_hash, partner_id, purpose, record_type, rules, plan, decision_entry, state, issued_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'issued', $11, $12)`,
}

export async function insertGrant(tx: Tx, grant: NewGrant): Promise<void> {
  await tx.query(insert, [
    tx.tenant,
    grant.subject_id,
    grant.id,
    grant.token_hash,
    grant.partner_id,
    grant.purpose,
    grant.record_type,
    grant.rules,
    JSON.stringify(grant.plan),
    grant.decision_entry,
    grant.issued_at,
    grant.expires_at,
  ])
}

/** What a release rests on: whose data, for what, which record type, and the consents by id. */
export async function releaseGround(
  tx: Tx,
  id: Id<'release'>,
): Promise<{ subject: Id<'subject'>; purpose: string; recordType: string; consents: Id<'consent'>[] } | undefined> {
  const [row] = await tx.query<Pick<GrantRow, 'subject_id' | 'purpose' | 'record_type' | 'plan'>>(
    'SELECT subject_id, purpose, record_type, plan FROM release.grant WHERE tenant_id = $1 AND id = $2',
    [tx.tenant, id],
  )
  return row && { subject: row.subject_id, purpose: row.purpose, recordType: row.record_type, consents: row.plan.consents.map((consent) => consent.id) }
}

const byToken = { name: 'release-by-token', text: 'SELECT * FROM release.grant WHERE token_hash = $1' }

/** Looks in the node's scope: the token itself says whose it is. */
export async function grantByToken(tx: Tx, tokenHash: Uint8Array): Promise<GrantRow | undefined> {
  return (await tx.query<GrantRow>(byToken, [tokenHash]))[0]
}

const spend = {
  name: 'release-spend',
  text: `UPDATE release.grant SET state = 'spent', spent_at = $4
    WHERE tenant_id = $1 AND subject_id = $2 AND id = $3 AND state = 'issued' AND expires_at > $4`,
}

/** The one step that makes a token single-use. True for exactly one of any number of callers, in whatever process. */
export async function spendGrant(tx: Tx, grant: GrantRow, now: Instant): Promise<boolean> {
  return (await tx.change(spend, [grant.tenant_id, grant.subject_id, grant.id, now])) === 1
}

const close = {
  name: 'release-close',
  text: `UPDATE release.grant SET state = $4, closed_at = $5, bytes = $6 WHERE tenant_id = $1 AND subject_id = $2 AND id = $3 AND state = $7`,
}

/** Moves a grant on; false when it was not in the state it is moved from. */
export async function closeGrant(
  tx: Tx,
  grant: Pick<GrantRow, 'tenant_id' | 'subject_id' | 'id'>,
  step: { from: ReleaseState; to: ReleaseState; at: Instant; bytes?: number },
): Promise<boolean> {
  return (await tx.change(close, [grant.tenant_id, grant.subject_id, grant.id, step.to, step.at, step.bytes ?? null, step.from])) === 1
}

/** Cancels every token about the person that is still out. */
export function cancelGrantsAbout(tx: Tx, subject: Id<'subject'>, at: Instant): Promise<number> {
  return tx.change("UPDATE release.grant SET state = 'cancelled', closed_at = $3 WHERE tenant_id = $1 AND subject_id = $2 AND state = 'issued'", [
    tx.tenant,
    subject,
    at,
  ])
}

export interface ClosedGrant {
  readonly id: Id<'release'>
  readonly partner_id: Id<'partner'>
  readonly purpose: string
  readonly complete: boolean
  readonly bytes: number
}

const closeMany = {
  name: 'release-close-spent',
  text: `UPDATE release.grant g SET state = CASE WHEN d.complete THEN 'delivered' ELSE 'undelivered' END, closed_at = $5, bytes = d.bytes
    FROM unnest($2::uuid[], $3::boolean[], $4::bigint[]) AS d(id, complete, bytes)
    WHERE g.tenant_id = $1 AND g.id = d.id AND g.state = 'spent'
    RETURNING g.id, g.partner_id, g.purpose, d.complete, d.bytes`,
}

/** Closes spent grants; those closed before are left out of the answer, so that a repeat writes nothing twice. */
export function closeSpent(tx: Tx, deliveries: readonly { release: Id<'release'>; complete: boolean; bytes: number }[], at: Instant): Promise<ClosedGrant[]> {
  return tx.query(closeMany, [tx.tenant, deliveries.map((one) => one.release), deliveries.map((one) => one.complete), deliveries.map((one) => one.bytes), at])
}

/** Grants that were spent before the given moment and never closed: the process died between the commit and the last byte. */
export function abandonedGrants(tx: Tx, span: { issuedSince: Instant; spentBefore: Instant }, limit: number): Promise<Pick<GrantRow, 'tenant_id' | 'id'>[]> {
  return tx.query("SELECT tenant_id, id FROM release.grant WHERE issued_at > $1 AND state = 'spent' AND spent_at < $2 LIMIT $3", [
    span.issuedSince,
    span.spentBefore,
    limit,
  ])
}

export async function grantById(tx: Tx, id: Id<'release'>): Promise<GrantRow | undefined> {
  return (await tx.query<GrantRow>({ name: 'release-by-id', text: 'SELECT * FROM release.grant WHERE tenant_id = $1 AND id = $2' }, [tx.tenant, id]))[0]
}

/** How often the partner was granted something under each counted rule. One query whatever the number of rules. */
export async function countGrants(tx: Tx, partner: Id<'partner'>, subject: string, needs: readonly CountNeed[], nowMs: number): Promise<Map<string, number>> {
  if (needs.length === 0) return new Map()
  const rows = await tx.query<{ key: string; count: number }>(
    {
      name: 'release-count',
      text: `SELECT n.key, (SELECT count(*) FROM release.grant g WHERE g.tenant_id = $1 AND g.partner_id = $2 AND g.rules @> ARRAY[n.rule]
          AND g.state NOT IN ('cancelled') AND (n.since IS NULL OR g.issued_at > n.since) AND (NOT n.per_subject OR g.subject_id = $3::uuid)) AS count
        FROM jsonb_to_recordset($4::jsonb) AS n(key text, rule text, since timestamptz, per_subject boolean)`,
    },
    [
      tx.tenant,
      partner,
      subject,
      JSON.stringify(
        needs.map((need) => ({
          key: need.key,
          rule: `${need.policy}/${need.rule}`,
          since: need.windowSeconds === undefined ? null : new Date(nowMs - need.windowSeconds * 1000).toISOString(),
          per_subject: need.per === 'subject',
        })),
      ),
    ],
  )
  return new Map(rows.map((row) => [row.key, row.count]))
}

/** Serialises the counting of one partner's grants, so that parallel requests cannot pass a limit together. */
export async function lockPartner(tx: Tx, partner: Id<'partner'>): Promise<void> {
  await tx.query({ name: 'release-lock-partner', text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))' }, [`release ${tx.tenant} ${partner}`])
}

const build = queryBuilder<{ 'release.grant': GrantRow }>()

/** What was granted about one person, the newest first. */
export function grantsOf(tx: Tx, subject: Id<'subject'>, limit: number): Promise<GrantRow[]> {
  return tx.query('SELECT * FROM release.grant WHERE tenant_id = $1 AND subject_id = $2 ORDER BY id DESC LIMIT $3', [tx.tenant, subject, limit])
}

export interface GrantFilter {
  /** Grants whose plan rests on a version of this policy. */
  readonly policy?: string | undefined
  readonly partner?: string | undefined
  readonly state?: ReleaseState | undefined
  readonly purpose?: string | undefined
  readonly since?: Instant | undefined
  readonly until?: Instant | undefined
  readonly before?: { readonly issuedAt: string; readonly id: string } | undefined
  readonly limit: number
}

/** Newest first. A grant whose time is over counts as expired, whether or not somebody came to look. */
export async function listGrants(tx: Tx, filter: GrantFilter, now: Instant): Promise<GrantRow[]> {
  let query = build
    .selectFrom('release.grant')
    .selectAll()
    .where('tenant_id', '=', tx.tenant as Id<'tenant'>)
    .orderBy('issued_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit)
  if (filter.partner !== undefined) query = query.where('partner_id', '=', filter.partner as Id<'partner'>)
  if (filter.purpose !== undefined) query = query.where('purpose', '=', filter.purpose)
  if (filter.policy !== undefined) query = query.where(sql<boolean>`plan->'policies' @> ${JSON.stringify([{ id: filter.policy }])}::jsonb`)
  if (filter.since !== undefined) query = query.where('issued_at', '>=', filter.since)
  if (filter.until !== undefined) query = query.where('issued_at', '<', filter.until)
  if (filter.state === 'expired')
    query = query.where((where) => where.or([where('state', '=', 'expired'), where.and([where('state', '=', 'issued'), where('expires_at', '<=', now)])]))
  else if (filter.state === 'issued') query = query.where('state', '=', 'issued').where('expires_at', '>', now)
  else if (filter.state !== undefined) query = query.where('state', '=', filter.state)
  if (filter.before !== undefined) query = query.where(sql<boolean>`(issued_at, id) < (${filter.before.issuedAt}::timestamptz, ${filter.before.id}::uuid)`)
  return tx.run(query.compile())
}

export interface DisclosedFilter {
  readonly partner?: Id<'partner'> | undefined
  readonly subject?: Id<'subject'> | undefined
  /** When the data left; `to` is excluded. */
  readonly from: Instant
  readonly to: Instant
  /** The last id of the page before, in the order asked for. */
  readonly after?: Id<'release'> | undefined
  readonly order: 'asc' | 'desc'
  readonly limit: number
}

/** A release whose data left under a consent: a copy of it lies with the partner, or may. */
export interface Copy {
  readonly release: Id<'release'>
  readonly partner: Id<'partner'>
  readonly purpose: string
  readonly record_type: string
  readonly fields: readonly string[]
  readonly left_at: Instant
  /** When the partner was told that the consent is withdrawn. */
  readonly told_at: Instant | null
}

/** What left about the person under the consent, the newest first. */
export function copiesUnder(tx: Tx, subject: Id<'subject'>, consent: Id<'consent'>, limit: number): Promise<Copy[]> {
  return tx.query<Copy>(
    `SELECT g.id AS release, g.partner_id AS partner, g.purpose, g.record_type, g.spent_at AS left_at, n.told_at,
        ARRAY(SELECT f->>'name' FROM jsonb_array_elements(g.plan->'fields') AS f) AS fields
      FROM release.grant g
      LEFT JOIN release.withdrawal_notice n ON n.tenant_id = $1 AND n.subject_id = $2 AND n.consent_id = $3::uuid AND n.partner_id = g.partner_id
      WHERE g.tenant_id = $1 AND g.subject_id = $2 AND g.state IN ('spent', 'delivered', 'undelivered')
        AND g.plan->'consents' @> jsonb_build_array(jsonb_build_object('id', $3::text))
      ORDER BY g.id DESC LIMIT $4`,
    [tx.tenant, subject, consent, limit],
  )
}

/** Notes that the partner is told. @returns false when it was told before */
export async function noteWithdrawal(tx: Tx, subject: Id<'subject'>, consent: Id<'consent'>, partner: Id<'partner'>, at: Instant): Promise<boolean> {
  const told = await tx.change(
    'INSERT INTO release.withdrawal_notice (tenant_id, subject_id, consent_id, partner_id, told_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [tx.tenant, subject, consent, partner, at],
  )
  return told === 1
}

/** Cancels the tokens that rest on the consent and are still out. */
export function cancelGrantsUnder(
  tx: Tx,
  subject: Id<'subject'>,
  consent: Id<'consent'>,
  at: Instant,
): Promise<{ id: Id<'release'>; partner: Id<'partner'> }[]> {
  return tx.query(
    `UPDATE release.grant SET state = 'cancelled', closed_at = $4
      WHERE tenant_id = $1 AND subject_id = $2 AND state = 'issued' AND plan->'consents' @> jsonb_build_array(jsonb_build_object('id', $3::text))
      RETURNING id, partner_id AS partner`,
    [tx.tenant, subject, consent, at],
  )
}

/** Cancels tokens of the partner that are still out, so many at once. */
export function cancelGrantsOf(tx: Tx, partner: Id<'partner'>, at: Instant, limit: number): Promise<{ id: Id<'release'> }[]> {
  return tx.query(
    `UPDATE release.grant SET state = 'cancelled', closed_at = $3
      WHERE tenant_id = $1 AND state = 'issued' AND (subject_id, id) IN (
        SELECT subject_id, id FROM release.grant WHERE tenant_id = $1 AND partner_id = $2 AND state = 'issued' AND expires_at > $3
          AND issued_at > $3::timestamptz - interval '2 days' LIMIT $4 FOR UPDATE SKIP LOCKED)
      RETURNING id`,
    [tx.tenant, partner, at, limit],
  )
}

/** A token lives a day at most; the rest is for clocks that were set. */
const lifeMaxMs = 86_400_000 + 300_000

/**
 * Grants whose data left, or is on its way, or left and may not have arrived. An id says when it was made, so the ids bound the
 * search: the moment of leaving stands in no index.
 */
export function disclosedGrants(tx: Tx, filter: DisclosedFilter): Promise<GrantRow[]> {
  const lowest = lowestIdAt<'release'>(instantMs(filter.from) - lifeMaxMs)
  const highest = lowestIdAt<'release'>(instantMs(filter.to) + lifeMaxMs)
  let query = build
    .selectFrom('release.grant')
    .selectAll()
    .where('tenant_id', '=', tx.tenant as Id<'tenant'>)
    .where('id', '>=', lowest)
    .where('id', '<', highest)
    .where('spent_at', '>=', filter.from)
    .where('spent_at', '<', filter.to)
    .where('state', 'in', ['spent', 'delivered', 'undelivered'])
    .orderBy('id', filter.order)
    .limit(filter.limit)
  if (filter.partner !== undefined) query = query.where('partner_id', '=', filter.partner)
  if (filter.subject !== undefined) query = query.where('subject_id', '=', filter.subject)
  if (filter.after !== undefined) query = query.where('id', filter.order === 'asc' ? '>' : '<', filter.after)
  return tx.run(query.compile())
}

/** A small domain fills up: the last free token of ten is found within so many draws, all but surely. */
const tableDrawsMax = 400

/** The token of a value from the partner's table; drawn once and the same ever after. */
export async function tableToken(tx: Tx, partner: Id<'partner'>, domain: string, valueDigest: Uint8Array, draw: () => string): Promise<string> {
  const values = [tx.tenant, partner, domain, valueDigest]
  for (let attempt = 0; attempt < tableDrawsMax; attempt++) {
    await tx.query('INSERT INTO release.mask_token (tenant_id, partner_id, domain, value_digest, token) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [
      ...values,
      draw(),
    ])
    const rows = await tx.query<{ token: string }>(
      'SELECT token FROM release.mask_token WHERE tenant_id = $1 AND partner_id = $2 AND domain = $3 AND value_digest = $4',
      values,
    )
    if (rows[0] !== undefined) return rows[0].token
  }
  throw new RangeError(`no free token was found in the domain ${domain}`)
}
