import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { CredentialStatus } from '@gatehouse/credentials/status/status-list'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ClaimRule, presentationStatuses } from './schema.ts'
import type { OfferState } from './states.ts'

export interface TypeRow {
  readonly id: Id<'credential_type'>
  readonly slug: string
  readonly name: string
  readonly claim: string
  readonly rule: ClaimRule
  readonly purpose: string
  readonly record_type: string
  readonly life_days: number
  readonly self_service: boolean
  readonly made_at: Instant
  readonly retired_at: Instant | null
}

const typeColumns = 'id, slug, name, claim, rule, purpose, record_type, life_days, self_service, made_at, retired_at'

/** @returns false where the name is taken */
export async function insertType(tx: Tx, row: TypeRow): Promise<boolean> {
  const made = await tx.change(
    `INSERT INTO credentials.type (tenant_id, id, slug, name, claim, rule, purpose, record_type, life_days, self_service, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (tenant_id, slug) DO NOTHING`,
    [tx.tenant, row.id, row.slug, row.name, row.claim, JSON.stringify(row.rule), row.purpose, row.record_type, row.life_days, row.self_service, row.made_at],
  )
  return made === 1
}

export function listTypes(tx: Tx, limit: number): Promise<TypeRow[]> {
  return tx.query(`SELECT ${typeColumns} FROM credentials.type WHERE tenant_id = $1 ORDER BY retired_at IS NOT NULL, slug LIMIT $2`, [tx.tenant, limit])
}

export async function typeBySlug(tx: Tx, slug: string): Promise<TypeRow | undefined> {
  return (await tx.query<TypeRow>(`SELECT ${typeColumns} FROM credentials.type WHERE tenant_id = $1 AND slug = $2`, [tx.tenant, slug]))[0]
}

async function typeById(tx: Tx, id: Id<'credential_type'>): Promise<TypeRow> {
  const [row] = await tx.query<TypeRow>(`SELECT ${typeColumns} FROM credentials.type WHERE tenant_id = $1 AND id = $2`, [tx.tenant, id])
  if (row === undefined) throw new Error('an offer without its type')
  return row
}

/** @returns false where it was retired before */
export async function retireType(tx: Tx, id: Id<'credential_type'>, at: Instant): Promise<boolean> {
  return (await tx.change('UPDATE credentials.type SET retired_at = $3 WHERE tenant_id = $1 AND id = $2 AND retired_at IS NULL', [tx.tenant, id, at])) === 1
}

export interface OfferRow {
  readonly tenant_id: Id<'tenant'>
  readonly subject_id: Id<'subject'>
  readonly id: Id<'offer'>
  readonly type_id: Id<'credential_type'>
  readonly code_hash: Uint8Array
  readonly tx_code_hash: Uint8Array
  readonly tries: number
  readonly state: OfferState
  readonly offered_at: Instant
  readonly expires_at: Instant
}
export interface Offer extends OfferRow {
  readonly type: TypeRow
}

const offerColumns = 'tenant_id, subject_id, id, type_id, code_hash, tx_code_hash, tries, state, offered_at, expires_at'

export async function insertOffer(tx: Tx, row: Omit<OfferRow, 'tenant_id' | 'tries' | 'state'>): Promise<void> {
  await tx.query(
    `INSERT INTO credentials.offer (tenant_id, subject_id, id, type_id, code_hash, tx_code_hash, state, offered_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8)`,
    [tx.tenant, row.subject_id, row.id, row.type_id, row.code_hash, row.tx_code_hash, row.offered_at, row.expires_at],
  )
}

export async function countOpenOffers(tx: Tx, subject: Id<'subject'>, now: Instant): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    "SELECT count(*) AS count FROM credentials.offer WHERE tenant_id = $1 AND subject_id = $2 AND state = 'open' AND expires_at > $3",
    [tx.tenant, subject, now],
  )
  return row?.count ?? 0
}

/** Held until the act ends, so that two who present the same secret come one after the other. Looks in the scope of the node. */
async function lockOffer(tx: Tx, tenant: Id<'tenant'>, column: 'code_hash' | 'token_hash', hash: Uint8Array): Promise<OfferRow | undefined> {
  return (await tx.query<OfferRow>(`SELECT ${offerColumns} FROM credentials.offer WHERE ${column} = $2 AND tenant_id = $1 FOR UPDATE`, [tenant, hash]))[0]
}
export const lockOfferByCode = (tx: Tx, tenant: Id<'tenant'>, hash: Uint8Array) => lockOffer(tx, tenant, 'code_hash', hash)
export const lockOfferByToken = (tx: Tx, tenant: Id<'tenant'>, hash: Uint8Array) => lockOffer(tx, tenant, 'token_hash', hash)

/** Once the transaction has been narrowed to the offer's institution. */
export async function withType(tx: Tx, offer: OfferRow): Promise<Offer> {
  return { ...offer, type: await typeById(tx, offer.type_id) }
}

/** Moves a locked offer on. */
export async function moveOffer(
  tx: Tx,
  offer: OfferRow,
  to: { readonly state: OfferState; readonly tries?: number; readonly token?: { readonly hash: Uint8Array; readonly expiresAt: Instant } },
): Promise<void> {
  await tx.query(
    `UPDATE credentials.offer SET state = $4, tries = $5, token_hash = COALESCE($6, token_hash), expires_at = COALESCE($7, expires_at)
     WHERE tenant_id = $1 AND subject_id = $2 AND id = $3`,
    [tx.tenant, offer.subject_id, offer.id, to.state, to.tries ?? offer.tries, to.token?.hash ?? null, to.token?.expiresAt ?? null],
  )
}

export function forgetOffers(tx: Tx, before: Instant): Promise<number> {
  return tx.change('DELETE FROM credentials.offer WHERE expires_at < $1', [before])
}

/** The list that places are given from, and how many of it are. Whoever takes a place holds the list until the act ends. */
export async function newestList(tx: Tx): Promise<{ list: number; used: number }> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('credentials.list ' || $1, 0))", [tx.tenant])
  const [row] = await tx.query<{ list: number; used: number }>(
    'SELECT list, count(*) AS used FROM credentials.place WHERE tenant_id = $1 GROUP BY list ORDER BY list DESC LIMIT 1',
    [tx.tenant],
  )
  return row ?? { list: 1, used: 0 }
}

/** @returns false where somebody stands there */
export async function takePlace(tx: Tx, list: number, place: number): Promise<boolean> {
  const taken = await tx.change("INSERT INTO credentials.place (tenant_id, list, place, status) VALUES ($1, $2, $3, 'valid') ON CONFLICT DO NOTHING", [
    tx.tenant,
    list,
    place,
  ])
  return taken === 1
}

export async function listExists(tx: Tx, list: number): Promise<boolean> {
  const [row] = await tx.query<{ there: boolean }>('SELECT EXISTS (SELECT 1 FROM credentials.place WHERE tenant_id = $1 AND list = $2) AS there', [
    tx.tenant,
    list,
  ])
  return row?.there === true
}

export function notValid(tx: Tx, list: number): Promise<{ place: number; status: CredentialStatus }[]> {
  return tx.query("SELECT place, status FROM credentials.place WHERE tenant_id = $1 AND list = $2 AND status <> 'valid'", [tx.tenant, list])
}

export async function statusAt(tx: Tx, list: number, place: number): Promise<CredentialStatus> {
  const [row] = await tx.query<{ status: CredentialStatus }>('SELECT status FROM credentials.place WHERE tenant_id = $1 AND list = $2 AND place = $3', [
    tx.tenant,
    list,
    place,
  ])
  return row?.status ?? 'valid'
}

export interface NewCredentialRow {
  readonly subject_id: Id<'subject'>
  readonly id: Id<'credential'>
  readonly type_id: Id<'credential_type'>
  readonly list: number
  readonly place: number
  readonly issued_at: Instant
  readonly expires_at: Instant
}

export async function insertCredential(tx: Tx, row: NewCredentialRow): Promise<void> {
  await tx.query(
    'INSERT INTO credentials.credential (tenant_id, subject_id, id, type_id, list, place, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [tx.tenant, row.subject_id, row.id, row.type_id, row.list, row.place, row.issued_at, row.expires_at],
  )
}

export interface CredentialRow extends NewCredentialRow {
  readonly type: string
  readonly name: string
  readonly status: CredentialStatus
}

const credentials = `SELECT c.subject_id, c.id, c.type_id, c.list, c.place, c.issued_at, c.expires_at, t.slug AS type, t.name, p.status
  FROM credentials.credential c
  JOIN credentials.type t ON t.tenant_id = c.tenant_id AND t.id = c.type_id
  JOIN credentials.place p ON p.tenant_id = c.tenant_id AND p.list = c.list AND p.place = c.place
  WHERE c.tenant_id = $1`

export function listCredentials(
  tx: Tx,
  filter: { readonly subject: Id<'subject'> | undefined; readonly before: Id<'credential'> | undefined },
  limit: number,
): Promise<CredentialRow[]> {
  return tx.query(`${credentials} AND ($2::uuid IS NULL OR c.subject_id = $2) AND ($3::uuid IS NULL OR c.id < $3) ORDER BY c.id DESC LIMIT $4`, [
    tx.tenant,
    filter.subject ?? null,
    filter.before ?? null,
    limit,
  ])
}

export async function lockCredential(tx: Tx, id: Id<'credential'>): Promise<CredentialRow | undefined> {
  return (await tx.query<CredentialRow>(`${credentials} AND c.id = $2 FOR UPDATE OF p`, [tx.tenant, id]))[0]
}

export async function setStatus(tx: Tx, at: { readonly list: number; readonly place: number }, status: CredentialStatus): Promise<void> {
  await tx.query('UPDATE credentials.place SET status = $4 WHERE tenant_id = $1 AND list = $2 AND place = $3', [tx.tenant, at.list, at.place, status])
}

/** Revokes whatever was issued about the person, then forgets that it was. */
export async function forgetPerson(tx: Tx, subject: Id<'subject'>): Promise<{ credentials: number; offers: number }> {
  await tx.query(
    `UPDATE credentials.place p SET status = 'revoked' FROM credentials.credential c
     WHERE p.tenant_id = $1 AND c.tenant_id = $1 AND c.subject_id = $2 AND p.list = c.list AND p.place = c.place`,
    [tx.tenant, subject],
  )
  return {
    credentials: await tx.change('DELETE FROM credentials.credential WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject]),
    offers: await tx.change('DELETE FROM credentials.offer WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject]),
  }
}

export interface PresentationRow {
  readonly id: Id<'presentation'>
  readonly vct: string
  readonly claims: string[]
  readonly issuers: string[]
  readonly purpose: string
  readonly nonce: string
  readonly state: string
  readonly status: (typeof presentationStatuses)[number]
  readonly reason: string | null
  readonly issuer: string | null
  readonly shown: Readonly<Record<string, unknown>> | null
  readonly asked_at: Instant
  readonly expires_at: Instant
  readonly answered_at: Instant | null
}

const presentationColumns = 'id, vct, claims, issuers, purpose, nonce, state, status, reason, issuer, shown, asked_at, expires_at, answered_at'

export async function insertPresentation(tx: Tx, row: Omit<PresentationRow, 'reason' | 'issuer' | 'shown' | 'answered_at'>): Promise<void> {
  await tx.query(
    `INSERT INTO credentials.presentation (tenant_id, id, vct, claims, issuers, purpose, nonce, state, status, asked_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [tx.tenant, row.id, row.vct, row.claims, row.issuers, row.purpose, row.nonce, row.state, row.status, row.asked_at, row.expires_at],
  )
}

export async function presentationById(tx: Tx, id: Id<'presentation'>): Promise<PresentationRow | undefined> {
  return (await tx.query<PresentationRow>(`SELECT ${presentationColumns} FROM credentials.presentation WHERE tenant_id = $1 AND id = $2`, [tx.tenant, id]))[0]
}

export function listPresentations(tx: Tx, before: Id<'presentation'> | undefined, limit: number): Promise<PresentationRow[]> {
  return tx.query(
    `SELECT ${presentationColumns} FROM credentials.presentation WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [tx.tenant, before ?? null, limit],
  )
}

/** The one step that makes a request count once. Given to exactly one of any number of answers. */
export async function takeAnswer(tx: Tx, id: Id<'presentation'>, now: Instant): Promise<PresentationRow | undefined> {
  const [row] = await tx.query<PresentationRow>(
    `UPDATE credentials.presentation SET status = 'checking', answered_at = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'waiting' AND expires_at > $3
     RETURNING ${presentationColumns}`,
    [tx.tenant, id, now],
  )
  return row
}

export async function closePresentation(
  tx: Tx,
  id: Id<'presentation'>,
  outcome: Pick<PresentationRow, 'status' | 'reason' | 'issuer' | 'shown'>,
): Promise<void> {
  await tx.query('UPDATE credentials.presentation SET status = $3, reason = $4, issuer = $5, shown = $6 WHERE tenant_id = $1 AND id = $2', [
    tx.tenant,
    id,
    outcome.status,
    outcome.reason,
    outcome.issuer,
    outcome.shown === null ? null : JSON.stringify(outcome.shown),
  ])
}

export function blankShown(tx: Tx, before: Instant): Promise<number> {
  return tx.change('UPDATE credentials.presentation SET shown = NULL WHERE shown IS NOT NULL AND answered_at < $1', [before])
}
