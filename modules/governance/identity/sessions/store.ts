/** The SQL of sessions. They are found by a secret's hash before any tenant is known; everything else names the tenant it works for. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { limits } from '../schema.ts'
import type { Behind } from '../store.ts'

type Tenant = Id<'tenant'>

export interface SessionRow {
  readonly tenant_id: Tenant
  readonly id: Id<'session'>
  readonly user_id: Id<'user'>
  readonly created_at: Instant
  readonly last_seen_at: Instant
  readonly expires_at: Instant
  /** What its owner still owes before it opens anything. */
  readonly awaits: 'factor' | 'enrolment' | null
  readonly proven_at: Instant | null
  readonly agent: string | null
}

const sessionColumns = 'tenant_id, id, user_id, created_at, last_seen_at, expires_at, awaits, proven_at, agent'

export async function insertSession(tx: Tx, session: Omit<SessionRow, 'awaits' | 'proven_at' | 'agent'>, tokenHash: Uint8Array): Promise<void> {
  await tx.query(
    `INSERT INTO identity.session (tenant_id, id, user_id, token_hash, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [session.tenant_id, session.id, session.user_id, tokenHash, session.created_at, session.last_seen_at, session.expires_at],
  )
}

const sessionByHash = {
  name: 'identity-session-by-hash',
  text: `SELECT s.tenant_id, s.id, s.user_id, s.created_at, s.last_seen_at, s.expires_at, s.awaits, s.proven_at, s.agent, u.roles, u.partner_id, u.subject_id
    FROM identity.session s JOIN identity.user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
    WHERE s.token_hash = $1 AND u.disabled_at IS NULL`,
}

export async function findSession(tx: Tx, tokenHash: Uint8Array): Promise<(SessionRow & Behind) | undefined> {
  return (await tx.query<SessionRow & Behind>(sessionByHash, [tokenHash]))[0]
}

export async function touchSession(tx: Tx, tenant: Tenant, id: Id<'session'>, now: Instant): Promise<void> {
  await tx.query('UPDATE identity.session SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2', [tenant, id, now])
}

export async function sessionById(tx: Tx, tenant: Tenant, id: Id<'session'>): Promise<SessionRow | undefined> {
  return (await tx.query<SessionRow>(`SELECT ${sessionColumns} FROM identity.session WHERE tenant_id = $1 AND id = $2`, [tenant, id]))[0]
}

export async function sessionsOf(tx: Tx, tenant: Tenant, user: string, now: Instant, after: string | undefined, limit: number): Promise<SessionRow[]> {
  return tx.query<SessionRow>(
    `SELECT ${sessionColumns} FROM identity.session
     WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3 AND last_seen_at > $3::timestamptz - interval '${limits.sessionIdleMinutes} minutes'
       AND ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5`,
    [tenant, user, now, after ?? null, limit],
  )
}

export async function deleteSession(tx: Tx, tenant: Tenant, user: string, id: Id<'session'>): Promise<boolean> {
  return (await tx.change('DELETE FROM identity.session WHERE tenant_id = $1 AND user_id = $2 AND id = $3', [tenant, user, id])) === 1
}

/** What a session owes, when a factor was proven, and where it runs. */
export async function markSession(tx: Tx, tenant: Tenant, id: Id<'session'>, state: Pick<SessionRow, 'awaits' | 'proven_at' | 'agent'>): Promise<void> {
  await tx.change('UPDATE identity.session SET awaits = $3, proven_at = $4, agent = $5 WHERE tenant_id = $1 AND id = $2', [
    tenant,
    id,
    state.awaits,
    state.proven_at,
    state.agent,
  ])
}

/** A factor was proven: nothing is owed any more, and the session goes on under another token. */
export async function renewSession(tx: Tx, tenant: Tenant, id: Id<'session'>, tokenHash: Uint8Array, now: Instant): Promise<SessionRow | undefined> {
  return (
    await tx.query<SessionRow>(
      `UPDATE identity.session SET token_hash = $3, awaits = NULL, proven_at = $4, last_seen_at = $4 WHERE tenant_id = $1 AND id = $2 RETURNING ${sessionColumns}`,
      [tenant, id, tokenHash, now],
    )
  )[0]
}

/** All of a user's sessions but one. */
export async function deleteOtherSessions(tx: Tx, tenant: Tenant, user: string, kept: string | undefined): Promise<number> {
  return tx.change('DELETE FROM identity.session WHERE tenant_id = $1 AND user_id = $2 AND ($3::uuid IS NULL OR id <> $3)', [tenant, user, kept ?? null])
}

export async function deleteSessionsOf(tx: Tx, tenant: Tenant, user: Id<'user'>): Promise<number> {
  return tx.change('DELETE FROM identity.session WHERE tenant_id = $1 AND user_id = $2', [tenant, user])
}

// Sessions that began at a provider

export interface StayRow {
  readonly provider_id: Id<'identity_provider'>
  readonly provider_name: Uint8Array
  readonly provider_session: Uint8Array | null
  /** Where the provider is told of the end. */
  readonly provider_word: Uint8Array | null
}

export async function keepStay(tx: Tx, tenant: Tenant, id: Id<'session'>, stay: StayRow): Promise<void> {
  await tx.change(
    'UPDATE identity.session SET provider_id = $3, provider_name = $4, provider_session = $5, provider_word = $6 WHERE tenant_id = $1 AND id = $2',
    [tenant, id, stay.provider_id, stay.provider_name, stay.provider_session, stay.provider_word],
  )
}

/** Ends it. @returns what its provider is to be told, where it has one */
export async function leaveSession(
  tx: Tx,
  tenant: Tenant,
  user: string,
  id: Id<'session'>,
): Promise<Pick<StayRow, 'provider_id' | 'provider_word'> | undefined> {
  const rows = await tx.query<Pick<StayRow, 'provider_word'> & { provider_id: StayRow['provider_id'] | null }>(
    'DELETE FROM identity.session WHERE tenant_id = $1 AND user_id = $2 AND id = $3 RETURNING provider_id, provider_word',
    [tenant, user, id],
  )
  const [row] = rows
  return row === undefined || row.provider_id === null ? undefined : { ...row, provider_id: row.provider_id }
}

/** Those of a person, of some sessions, or of the person's sessions among them; one of both has to be named. */
export async function deleteSessionsNamed(
  tx: Tx,
  tenant: Tenant,
  provider: Id<'identity_provider'>,
  person: Uint8Array | undefined,
  named: readonly Uint8Array[],
): Promise<number> {
  return tx.change(
    `DELETE FROM identity.session WHERE tenant_id = $1 AND provider_id = $2 AND ($3::bytea IS NOT NULL OR cardinality($4::bytea[]) > 0)
       AND ($3::bytea IS NULL OR provider_name = $3) AND (cardinality($4::bytea[]) = 0 OR provider_session = ANY($4))`,
    [tenant, provider, person ?? null, named],
  )
}
