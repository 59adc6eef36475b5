import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Consent } from '@gatehouse/policy/question'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type ConsentDocument, isLapsed, type KeptConsent } from './document.ts'
import { comingOfAgeOf } from './guardians/age-rule.ts'

/** A consent as a decision looks at it, once for each of its purposes. */
export interface ConsentInForce extends Consent {
  readonly id: Id<'consent'>
  readonly digest: string
}

export interface NewConsent {
  readonly document: ConsentDocument
  /** Hex. */
  readonly digest: string
  /** Hex. */
  readonly content: string
  /** The first version, where it is not the first. */
  readonly chain: Id<'consent'> | null
  /** Of whom a guardian agreed for by parental responsibility. */
  readonly born: string | null
}

const columns = `document, encode(digest, 'hex') AS digest, superseded_by, ward_born::text AS born, confirmed_at,
  CASE WHEN superseded_by IS NULL THEN withdrawn_at END AS withdrawn_at, CASE WHEN superseded_by IS NOT NULL THEN withdrawn_at END AS superseded_at`

/** A consent towards another controller covers what that one receives, and nothing else. */
const recipients = `CASE WHEN document->>'controller' IS NULL THEN document->'recipients' ELSE jsonb_build_array(document->>'controller') END`

/**
 * What the person's consents allow at that moment: given, not withdrawn, begun and not ended; one element for each purpose of
 * each consent, oldest first.
 */
export async function consentsInForce(tx: Tx, subject: Id<'subject'>, at: Instant): Promise<ConsentInForce[]> {
  const rows = await tx.query<ConsentInForce & WardFacts>(
    {
      name: 'consents-in-force',
      text: `SELECT c.id, purpose, ${recipients} AS recipients, c.document->'data_classes' AS "dataClasses", encode(c.digest, 'hex') AS digest,
          c.ward_born::text AS born, c.confirmed_at
        FROM consents.consent c CROSS JOIN LATERAL jsonb_array_elements_text(c.document->'purposes') AS purpose
        WHERE c.tenant_id = $1 AND c.subject_id = $2 AND c.withdrawn_at IS NULL
          AND c.valid_from <= $3 AND (c.valid_until IS NULL OR c.valid_until > $3)
        ORDER BY c.id`,
    },
    [tx.tenant, subject, at],
  )
  return standing(tx, rows, at)
}

type WardFacts = Pick<KeptConsent, 'born' | 'confirmed_at'>

/** Without what guardians agreed to and the person, long since of age, has not confirmed. */
async function standing<Row extends WardFacts>(tx: Tx, rows: readonly Row[], at: Instant): Promise<Omit<Row, keyof WardFacts>[]> {
  const age = await comingOfAgeOf(tx, rows)
  return rows.flatMap(({ born, confirmed_at, ...row }) => (isLapsed({ born, confirmed_at }, at, age) ? [] : [row]))
}

export interface StandingConsent {
  readonly subject: Id<'subject'>
  readonly id: Id<'consent'>
  readonly purposes: readonly string[]
  readonly recipients: readonly string[]
  readonly data_classes: readonly string[]
  readonly until: Instant | null
}

interface Place {
  readonly subject: Id<'subject'>
  readonly id: Id<'consent'>
}

/** Everybody's consents that are in force from one moment through another, in the order of persons and ids. Fewer than the limit are the last. */
export async function standingConsents(tx: Tx, from: Instant, through: Instant, after: Place | undefined, limit: number): Promise<StandingConsent[]> {
  const found: StandingConsent[] = []
  let place = after
  while (true) {
    const rows = await standingRows(tx, from, through, place, limit)
    found.push(...(await standing(tx, rows, through)))
    place = rows.at(-1)
    if (rows.length < limit || found.length >= limit) return found.slice(0, limit)
  }
}

function standingRows(tx: Tx, from: Instant, through: Instant, after: Place | undefined, limit: number): Promise<(StandingConsent & WardFacts)[]> {
  return tx.query(
    `SELECT subject_id AS subject, id, document->'purposes' AS purposes, ${recipients} AS recipients,
        document->'data_classes' AS data_classes, valid_until AS until, ward_born::text AS born, confirmed_at
      FROM consents.consent
      WHERE tenant_id = $1 AND withdrawn_at IS NULL AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $3)
        AND ($4::uuid IS NULL OR (subject_id, id) > ($4::uuid, $5::uuid))
      ORDER BY subject_id, id LIMIT $6`,
    [tx.tenant, from, through, after?.subject ?? null, after?.id ?? null, limit],
  )
}

/** Those of the ids that are in force, with their persons; recipients are those that the consent covers. */
export async function consentsById(tx: Tx, ids: readonly Id<'consent'>[], now: Instant): Promise<{ subject: Id<'subject'>; document: ConsentDocument }[]> {
  const rows = await tx.query<{ subject: Id<'subject'>; document: ConsentDocument } & WardFacts>(
    `SELECT subject_id AS subject, jsonb_set(document, '{recipients}', ${recipients}) AS document, ward_born::text AS born, confirmed_at FROM consents.consent
      WHERE tenant_id = $1 AND id = ANY($2::uuid[]) AND withdrawn_at IS NULL AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3) ORDER BY id`,
    [tx.tenant, ids, now],
  )
  return standing(tx, rows, now)
}

/** The document that the consent's digest is taken of, withdrawn or not. */
export async function consentDocument(tx: Tx, subject: Id<'subject'>, id: Id<'consent'>): Promise<ConsentDocument | undefined> {
  return (await findConsent(tx, subject, id))?.document
}

export async function findConsent(tx: Tx, subject: Id<'subject'>, id: Id<'consent'>): Promise<KeptConsent | undefined> {
  const rows = await tx.query<KeptConsent>(`SELECT ${columns} FROM consents.consent WHERE tenant_id = $1 AND subject_id = $2 AND id = $3`, [
    tx.tenant,
    subject,
    id,
  ])
  return rows[0]
}

/**
 * Keeps each consent whose like is not recorded and unwithdrawn already.
 * @returns the ids of those that were kept
 */
export async function insertConsents(tx: Tx, consents: readonly NewConsent[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    {
      name: 'consents-insert',
      text: `INSERT INTO consents.consent (tenant_id, subject_id, id, document, digest, content, given_at, valid_from, valid_until, version, chain_id, ward_born)
        SELECT $1, (c.document->>'subject')::uuid, (c.document->>'id')::uuid, c.document, decode(c.digest, 'hex'), decode(c.content, 'hex'),
          (c.document->>'given_at')::timestamptz, (c.document->>'from')::timestamptz, (c.document->>'until')::timestamptz,
          (c.document->>'version')::integer, c.chain, c.born
        FROM jsonb_to_recordset($2::jsonb) AS c(document jsonb, digest text, content text, chain uuid, born date)
        ORDER BY c.content
        ON CONFLICT (tenant_id, subject_id, content) WHERE withdrawn_at IS NULL DO NOTHING
        RETURNING id`,
    },
    [tx.tenant, JSON.stringify(consents)],
  )
  return new Set(rows.map((row) => row.id))
}

/** Holds the consent until the act ends: of two that would take its place the second sees the first. */
export async function lockConsent(tx: Tx, subject: Id<'subject'>, id: Id<'consent'>): Promise<(KeptConsent & { chain: Id<'consent'> }) | undefined> {
  const [row] = await tx.query<KeptConsent & { chain: Id<'consent'> }>(
    `SELECT ${columns}, COALESCE(chain_id, id) AS chain FROM consents.consent WHERE tenant_id = $1 AND subject_id = $2 AND id = $3 FOR UPDATE`,
    [tx.tenant, subject, id],
  )
  return row
}

export async function confirmConsent(tx: Tx, subject: Id<'subject'>, id: Id<'consent'>, at: Instant): Promise<void> {
  await tx.query('UPDATE consents.consent SET confirmed_at = $4 WHERE tenant_id = $1 AND subject_id = $2 AND id = $3', [tx.tenant, subject, id, at])
}

/** The consent to the offer that is in force. */
export async function consentToOffer(tx: Tx, subject: Id<'subject'>, offer: Id<'consent_offer'>, at: Instant): Promise<Id<'consent'> | undefined> {
  const rows = await tx.query<{ id: Id<'consent'> } & WardFacts>(
    `SELECT id, ward_born::text AS born, confirmed_at FROM consents.consent
      WHERE tenant_id = $1 AND subject_id = $2 AND document->>'offer' = $3 AND withdrawn_at IS NULL AND (valid_until IS NULL OR valid_until > $4)
      ORDER BY id DESC LIMIT 1`,
    [tx.tenant, subject, offer, at],
  )
  return (await standing(tx, rows, at))[0]?.id
}

/** Ends the consent in favour of its successor. */
export async function supersedeConsent(tx: Tx, subject: Id<'subject'>, id: Id<'consent'>, by: Id<'consent'>, at: Instant): Promise<void> {
  await tx.query(
    'UPDATE consents.consent SET withdrawn_at = $4, superseded_by = $5 WHERE tenant_id = $1 AND subject_id = $2 AND id = $3 AND withdrawn_at IS NULL',
    [tx.tenant, subject, id, at, by],
  )
}

/** Every version of the consent, the newest first, whichever of them is named. */
export function consentVersions(tx: Tx, subject: Id<'subject'>, id: Id<'consent'>, limit: number): Promise<KeptConsent[]> {
  return tx.query<KeptConsent>(
    `SELECT ${columns} FROM consents.consent
      WHERE tenant_id = $1 AND subject_id = $2
        AND COALESCE(chain_id, id) = (SELECT COALESCE(chain_id, id) FROM consents.consent WHERE tenant_id = $1 AND subject_id = $2 AND id = $3)
      ORDER BY version DESC LIMIT $4`,
    [tx.tenant, subject, id, limit],
  )
}

/** @returns the consent as it is now, or `undefined` when there was none to withdraw */
export async function withdrawConsent(
  tx: Tx,
  subject: Id<'subject'>,
  id: Id<'consent'>,
  at: Instant,
  reason: string | undefined,
): Promise<KeptConsent | undefined> {
  const rows = await tx.query<KeptConsent>(
    `UPDATE consents.consent SET withdrawn_at = $4, withdrawal_reason = $5
      WHERE tenant_id = $1 AND subject_id = $2 AND id = $3 AND withdrawn_at IS NULL RETURNING ${columns}`,
    [tx.tenant, subject, id, at, reason ?? null],
  )
  return rows[0]
}

export function deleteConsents(tx: Tx, subject: Id<'subject'>): Promise<number> {
  return tx.change('DELETE FROM consents.consent WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject])
}

/** Newest first. Ids grow with time, so the last id of a page is its cursor. */
export function listConsents(
  tx: Tx,
  subject: Id<'subject'>,
  { before, inForceAt, limit }: { readonly before: Id<'consent'> | undefined; readonly inForceAt: Instant | undefined; readonly limit: number },
): Promise<KeptConsent[]> {
  return tx.query<KeptConsent>(
    `SELECT ${columns} FROM consents.consent
      WHERE tenant_id = $1 AND subject_id = $2 AND ($3::uuid IS NULL OR id < $3)
        AND ($4::timestamptz IS NULL OR withdrawn_at IS NULL AND valid_from <= $4 AND (valid_until IS NULL OR valid_until > $4))
      ORDER BY id DESC LIMIT $5`,
    [tx.tenant, subject, before ?? null, inForceAt ?? null, limit],
  )
}

export interface PurposeCount {
  readonly purpose: string
  readonly in_force: number
  readonly ending_soon: number
  readonly not_yet: number
  readonly expired: number
  readonly withdrawn: number
  readonly superseded: number
}

export function countByPurpose(tx: Tx, at: Instant): Promise<PurposeCount[]> {
  return tx.query(
    `SELECT purpose,
        count(*) FILTER (WHERE state = 'in_force') AS in_force,
        count(*) FILTER (WHERE state = 'in_force' AND valid_until <= $2::timestamptz + interval '30 days') AS ending_soon,
        count(*) FILTER (WHERE state = 'not_yet') AS not_yet,
        count(*) FILTER (WHERE state = 'expired') AS expired,
        count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn,
        count(*) FILTER (WHERE state = 'superseded') AS superseded
      FROM (
        SELECT document, valid_until, CASE
          WHEN superseded_by IS NOT NULL THEN 'superseded' WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN valid_from > $2 THEN 'not_yet' WHEN valid_until <= $2 THEN 'expired' ELSE 'in_force' END AS state
        FROM consents.consent WHERE tenant_id = $1) AS c
      CROSS JOIN LATERAL jsonb_array_elements_text(c.document->'purposes') AS purpose
      GROUP BY purpose ORDER BY in_force DESC, purpose`,
    [tx.tenant, at],
  )
}

export interface MonthCount {
  readonly month: string
  readonly given: number
  readonly withdrawn: number
  readonly ending: number
}

/** Every month from `back` months before this one to `ahead` after it, in UTC; `ending` counts what is not withdrawn. */
export function countByMonth(tx: Tx, at: Instant, back: number, ahead: number): Promise<MonthCount[]> {
  return tx.query(
    `WITH this AS (SELECT date_trunc('month', $2::timestamptz AT TIME ZONE 'UTC') AS month),
      event AS (
        SELECT given_at AS moment, 'given' AS kind FROM consents.consent WHERE tenant_id = $1
        UNION ALL SELECT withdrawn_at, 'withdrawn' FROM consents.consent WHERE tenant_id = $1 AND withdrawn_at IS NOT NULL AND superseded_by IS NULL
        UNION ALL SELECT valid_until, 'ending' FROM consents.consent WHERE tenant_id = $1 AND valid_until IS NOT NULL AND withdrawn_at IS NULL)
      SELECT to_char(m.month, 'YYYY-MM') AS month,
        count(*) FILTER (WHERE kind = 'given') AS given, count(*) FILTER (WHERE kind = 'withdrawn') AS withdrawn, count(*) FILTER (WHERE kind = 'ending') AS ending
      FROM this CROSS JOIN LATERAL generate_series(this.month - make_interval(months => $3), this.month + make_interval(months => $4), interval '1 month') AS m(month)
      LEFT JOIN event ON date_trunc('month', event.moment AT TIME ZONE 'UTC') = m.month
      GROUP BY m.month ORDER BY m.month`,
    [tx.tenant, at, back, ahead],
  )
}
