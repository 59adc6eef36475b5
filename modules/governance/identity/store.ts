/**
 * The only SQL of identity. Look-ups by a secret's hash or by an address come before any tenant is known, so they run in the
 * node's scope and find the tenant; everything else names the tenant it works for.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { dropSubject, type KeyScope, mirrorRoles } from '../access/index.ts'
import type { Attempts } from './attempts.ts'
import { limits, type userStatuses } from './schema.ts'

type Tenant = Id<'tenant'>

// Users

export interface UserRow {
  readonly tenant_id: Tenant
  readonly id: Id<'user'>
  readonly email: string
  readonly name: string
  readonly roles: readonly string[]
  readonly created_at: Instant
  readonly disabled_at: Instant | null
  /** Set for an engineer of that partner. */
  readonly partner_id: Id<'partner'> | null
  /** Set for that person's own account. */
  readonly subject_id: Id<'subject'> | null
  /** Whether the user has set a password. */
  readonly active: boolean
}

/** What a credential needs to know of the user behind it. */
export type Behind = Pick<UserRow, 'roles' | 'partner_id' | 'subject_id'>

export type NewUser = Omit<UserRow, 'disabled_at' | 'active'>

const userColumns = `u.tenant_id, u.id, u.email, u.name, u.roles, u.created_at, u.disabled_at, u.partner_id, u.subject_id,
  EXISTS (SELECT 1 FROM identity.account a WHERE a.tenant_id = u.tenant_id AND a.user_id = u.id) AS active`

/** @returns false when the address is taken, or the person has an account */
export async function insertUser(tx: Tx, user: NewUser): Promise<boolean> {
  const added = await tx.change(
    `INSERT INTO identity.user (tenant_id, id, email, name, roles, created_at, partner_id, subject_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT DO NOTHING`,
    [user.tenant_id, user.id, user.email, user.name, user.roles, user.created_at, user.partner_id, user.subject_id],
  )
  if (added === 1) await mirrorRoles(tx, user.tenant_id, user.id, user.roles)
  return added === 1
}

export async function userById(tx: Tx, tenant: Tenant, id: Id<'user'>): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(`SELECT ${userColumns} FROM identity.user u WHERE u.tenant_id = $1 AND u.id = $2`, [tenant, id]))[0]
}

export async function colleagueRows(tx: Tx, tenant: Tenant, ids: readonly string[]): Promise<{ id: Id<'user'>; name: string }[]> {
  if (ids.length === 0) return []
  return tx.query(
    'SELECT u.id, u.name FROM identity.user u WHERE u.tenant_id = $1 AND u.id = ANY($2::uuid[]) AND u.partner_id IS NULL AND u.subject_id IS NULL ORDER BY u.id',
    [tenant, ids],
  )
}

/** The staff that is active; with a role of the account where one is named. */
export async function activeStaff(tx: Tx, tenant: Tenant, role: string | undefined, limit: number): Promise<{ id: Id<'user'>; name: string }[]> {
  return tx.query(
    `SELECT u.id, u.name FROM identity.user u WHERE u.tenant_id = $1 AND ($2::text IS NULL OR $2 = ANY(u.roles)) AND u.disabled_at IS NULL AND u.partner_id IS NULL
       AND u.subject_id IS NULL AND EXISTS (SELECT 1 FROM identity.account a WHERE a.tenant_id = u.tenant_id AND a.user_id = u.id) ORDER BY u.id LIMIT $3`,
    [tenant, role ?? null, limit],
  )
}

export async function userByEmail(tx: Tx, tenant: Tenant, email: string): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(`SELECT ${userColumns} FROM identity.user u WHERE u.tenant_id = $1 AND u.email = $2`, [tenant, email]))[0]
}

/** The enabled users with this address in all institutions. */
export async function usersWithEmail(tx: Tx, email: string): Promise<UserRow[]> {
  return tx.query<UserRow>(
    `SELECT ${userColumns} FROM identity.user u WHERE u.email = $1 AND u.disabled_at IS NULL ORDER BY u.tenant_id LIMIT ${limits.accountsPerAddress}`,
    [email],
  )
}

export async function userBySubject(tx: Tx, tenant: Tenant, subject: Id<'subject'>): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(`SELECT ${userColumns} FROM identity.user u WHERE u.tenant_id = $1 AND u.subject_id = $2`, [tenant, subject]))[0]
}

/** Whether there is such a member of the staff, whose account is not closed. */
export async function isStaff(tx: Tx, tenant: Tenant, id: string): Promise<boolean> {
  const text = 'SELECT 1 FROM identity.user WHERE tenant_id = $1 AND id = $2 AND partner_id IS NULL AND subject_id IS NULL AND disabled_at IS NULL'
  return (await tx.query(text, [tenant, id])).length > 0
}

export interface UserFilter {
  readonly kind?: 'staff' | 'engineer' | undefined
  readonly role?: string | undefined
  readonly status?: (typeof userStatuses)[number] | undefined
  readonly partner?: Id<'partner'> | undefined
}

/** Staff and engineers. Who of the persons concerned has an account is nobody's business who runs the node. */
export async function listUserRows(tx: Tx, tenant: Tenant, filter: UserFilter, after: string | undefined, limit: number): Promise<UserRow[]> {
  return tx.query<UserRow>(
    `SELECT * FROM (SELECT ${userColumns} FROM identity.user u WHERE u.tenant_id = $1 AND u.subject_id IS NULL) u
     WHERE ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR (partner_id IS NOT NULL) = ($3 = 'engineer')) AND ($4::text IS NULL OR $4 = ANY(roles))
       AND ($5::uuid IS NULL OR partner_id = $5)
       AND ($6::text IS NULL OR $6 = CASE WHEN disabled_at IS NOT NULL THEN 'disabled' WHEN active THEN 'active' ELSE 'invited' END)
     ORDER BY id LIMIT $7`,
    [tenant, after ?? null, filter.kind ?? null, filter.role ?? null, filter.partner ?? null, filter.status ?? null, limit],
  )
}

/** Removes an account with all that belongs to it; what it did stays in the ledger, under an id that names nobody any more. */
export async function deleteUser(tx: Tx, tenant: Tenant, id: Id<'user'>): Promise<void> {
  for (const table of ['session', 'invitation', 'account', 'recovery_code', 'factor', 'phone', 'device', 'reset']) {
    await tx.change(`DELETE FROM identity.${table} WHERE tenant_id = $1 AND user_id = $2`, [tenant, id])
  }
  await tx.change('DELETE FROM identity.user WHERE tenant_id = $1 AND id = $2', [tenant, id])
  await dropSubject(tx, tenant, id)
}

/** Locks the enabled administrators, so that two removals at the same moment cannot each leave the other as the last. @returns the only one, where there is no other */
export async function lastAdministrator(tx: Tx, tenant: Tenant): Promise<Id<'user'> | undefined> {
  const rows = await tx.query<{ id: Id<'user'> }>(
    `SELECT u.id FROM identity.user u WHERE u.tenant_id = $1 AND 'administrator' = ANY(u.roles) AND u.disabled_at IS NULL
       AND EXISTS (SELECT 1 FROM identity.account a WHERE a.tenant_id = u.tenant_id AND a.user_id = u.id)
     ORDER BY u.id FOR UPDATE`,
    [tenant],
  )
  return rows.length === 1 ? rows[0]?.id : undefined
}

/** `before` are the roles that the account has had so far. A disabled account gives none. */
export async function changeUser(
  tx: Tx,
  tenant: Tenant,
  { id, roles: before }: Pick<UserRow, 'id' | 'roles'>,
  roles: readonly string[],
  disabledAt: Instant | null,
): Promise<void> {
  await tx.query('UPDATE identity.user SET roles = $3, disabled_at = $4 WHERE tenant_id = $1 AND id = $2', [tenant, id, roles, disabledAt])
  await mirrorRoles(tx, tenant, id, disabledAt === null ? roles : [], [...before, ...roles])
}

/** Only of this institution: operators may have added others before the node's own has its first administrator. */
export async function anyUser(tx: Tx, tenant: Tenant): Promise<boolean> {
  return (await tx.query<{ found: boolean }>('SELECT EXISTS (SELECT 1 FROM identity.user WHERE tenant_id = $1) AS found', [tenant]))[0]?.found === true
}

/** Held until the transaction ends: makes the beginnings of a node happen one after the other. */
export async function lockFirstRun(tx: Tx): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('identity/first-run'))`)
}

// Credentials, in better-auth's columns

export interface AccountRow {
  readonly id: string
  readonly userId: string
  readonly providerId: string
  readonly accountId: string
  /** `null` for whoever signs in by a passkey or through a directory. */
  readonly password: string | null
}

export async function insertAccount(tx: Tx, tenant: Tenant, account: AccountRow, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO identity.account (tenant_id, id, user_id, provider_id, account_id, password, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [tenant, account.id, account.userId, account.providerId, account.accountId, account.password, now],
  )
}

export async function accountsOf(tx: Tx, tenant: Tenant, user: string): Promise<AccountRow[]> {
  return tx.query<AccountRow>(
    `SELECT id, user_id AS "userId", provider_id AS "providerId", account_id AS "accountId", password
     FROM identity.account WHERE tenant_id = $1 AND user_id = $2`,
    [tenant, user],
  )
}

// Invitations

export interface InvitationRow {
  readonly tenant_id: Tenant
  readonly id: Id<'invitation'>
  readonly user_id: Id<'user'> | null
  readonly created_at: Instant
  readonly expires_at: Instant
}

/** A new invitation voids the earlier ones of the same user (or of the first run). */
export async function replaceInvitation(tx: Tx, invitation: InvitationRow, tokenHash: Uint8Array): Promise<void> {
  await tx.query('DELETE FROM identity.invitation WHERE tenant_id = $1 AND user_id IS NOT DISTINCT FROM $2', [invitation.tenant_id, invitation.user_id])
  await tx.query(`INSERT INTO identity.invitation (tenant_id, id, user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`, [
    invitation.tenant_id,
    invitation.id,
    invitation.user_id,
    tokenHash,
    invitation.created_at,
    invitation.expires_at,
  ])
}

/** Locks the invitation: of two that come at the same moment the second waits, and finds nothing once the first has spent it. */
export async function lockInvitation(tx: Tx, tokenHash: Uint8Array, kind: 'first_run' | 'user', now: Instant): Promise<InvitationRow | undefined> {
  return (
    await tx.query<InvitationRow>(
      `SELECT tenant_id, id, user_id, created_at, expires_at FROM identity.invitation
       WHERE token_hash = $1 AND expires_at > $2 AND (user_id IS NULL) = $3 FOR UPDATE`,
      [tokenHash, now, kind === 'first_run'],
    )
  )[0]
}

export async function spendInvitation(tx: Tx, invitation: InvitationRow): Promise<void> {
  await tx.query('DELETE FROM identity.invitation WHERE tenant_id = $1 AND id = $2', [invitation.tenant_id, invitation.id])
}

// Failed sign-ins

/** Locks the address's row, so that attempts on one address are counted one after the other. */
export async function lockAttempts(tx: Tx, tenant: Tenant, digest: Uint8Array, now: Instant): Promise<Attempts> {
  await tx.query(
    `INSERT INTO identity.attempt (tenant_id, address_digest, failures, failed_at, locked_until) VALUES ($1, $2, 0, $3, $3) ON CONFLICT DO NOTHING`,
    [tenant, digest, now],
  )
  const rows = await tx.query<{ failures: number; failed_at: string; locked_until: string }>(
    'SELECT failures, failed_at, locked_until FROM identity.attempt WHERE tenant_id = $1 AND address_digest = $2 FOR UPDATE',
    [tenant, digest],
  )
  const row = rows[0]
  if (row === undefined) throw new Error('the attempts of an address were written but cannot be read back')
  return { failures: row.failures, failedAtMs: Date.parse(row.failed_at), lockedUntilMs: Date.parse(row.locked_until) }
}

export async function keepAttempts(tx: Tx, tenant: Tenant, digest: Uint8Array, failures: number, failedAt: Instant, lockedUntil: Instant): Promise<void> {
  await tx.query('UPDATE identity.attempt SET failures = $3, failed_at = $4, locked_until = $5 WHERE tenant_id = $1 AND address_digest = $2', [
    tenant,
    digest,
    failures,
    failedAt,
    lockedUntil,
  ])
}

// API keys

export interface ApiKeyRow {
  readonly tenant_id: Tenant
  readonly id: Id<'api_key'>
  readonly owner_kind: 'partner' | 'user' | 'operator'
  readonly owner_id: string
  readonly label: string
  readonly scopes: KeyScope[] | null
  readonly created_at: Instant
  readonly expires_at: Instant
  readonly last_used_at: Instant | null
  readonly revoked_at: Instant | null
  readonly replaced_by: Id<'api_key'> | null
}

const keyColumns = 'tenant_id, id, owner_kind, owner_id, label, scopes, created_at, expires_at, last_used_at, revoked_at, replaced_by'

export async function insertKey(tx: Tx, key: Omit<ApiKeyRow, 'last_used_at' | 'revoked_at' | 'replaced_by'>, tokenHash: Uint8Array): Promise<void> {
  await tx.query(
    `INSERT INTO identity.api_key (tenant_id, id, owner_kind, owner_id, label, token_hash, created_at, expires_at, scopes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      key.tenant_id,
      key.id,
      key.owner_kind,
      key.owner_id,
      key.label,
      tokenHash,
      key.created_at,
      key.expires_at,
      key.scopes === null ? null : JSON.stringify(key.scopes),
    ],
  )
}

const keyByHash = {
  name: 'identity-key-by-hash',
  text: `SELECT k.tenant_id, k.id, k.owner_kind, k.owner_id, k.label, k.scopes, k.created_at, k.expires_at, k.last_used_at, k.revoked_at, k.replaced_by, u.roles, u.partner_id, u.subject_id
    FROM identity.api_key k
    LEFT JOIN identity.user u ON k.owner_kind = 'user' AND u.tenant_id = k.tenant_id AND u.id = k.owner_id AND u.disabled_at IS NULL
    WHERE k.token_hash = $1 AND k.revoked_at IS NULL`,
}

/** For a user's key `roles` is null where the user is disabled. */
export async function findKey(
  tx: Tx,
  tokenHash: Uint8Array,
): Promise<(ApiKeyRow & Omit<Behind, 'roles'> & { readonly roles: readonly string[] | null }) | undefined> {
  return (await tx.query<ApiKeyRow & Omit<Behind, 'roles'> & { readonly roles: readonly string[] | null }>(keyByHash, [tokenHash]))[0]
}

/** Those of the sessions and keys that still hold, with the roles that they give today; a partner's key gives none. */
export async function holdingCredentials(
  tx: Tx,
  tenant: Tenant,
  now: Instant,
  sessions: readonly string[],
  keys: readonly string[],
): Promise<Map<string, readonly string[] | null>> {
  const rows = await tx.query<{ id: string; roles: readonly string[] | null }>(
    {
      name: 'identity-holding',
      text: `SELECT s.id, u.roles FROM identity.session s JOIN identity.user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
        WHERE s.tenant_id = $1 AND s.id = ANY($3::uuid[]) AND u.disabled_at IS NULL
          AND s.expires_at > $2 AND s.last_seen_at > $2::timestamptz - interval '${limits.sessionIdleMinutes} minutes'
      UNION ALL
        SELECT k.id, u.roles FROM identity.api_key k
        LEFT JOIN identity.user u ON k.owner_kind = 'user' AND u.tenant_id = k.tenant_id AND u.id = k.owner_id
        WHERE k.tenant_id = $1 AND k.id = ANY($4::uuid[]) AND k.revoked_at IS NULL AND k.expires_at > $2 AND u.disabled_at IS NULL`,
    },
    [tenant, now, sessions, keys],
  )
  return new Map(rows.map(({ id, roles }) => [id, roles]))
}

export async function touchKey(tx: Tx, tenant: Tenant, id: Id<'api_key'>, now: Instant): Promise<void> {
  await tx.query('UPDATE identity.api_key SET last_used_at = $3 WHERE tenant_id = $1 AND id = $2', [tenant, id, now])
}

export async function keyById(tx: Tx, tenant: Tenant, id: Id<'api_key'>): Promise<ApiKeyRow | undefined> {
  return (await tx.query<ApiKeyRow>(`SELECT ${keyColumns} FROM identity.api_key WHERE tenant_id = $1 AND id = $2`, [tenant, id]))[0]
}

export async function listKeyRows(tx: Tx, tenant: Tenant, owner: string | undefined, after: string | undefined, limit: number): Promise<ApiKeyRow[]> {
  return tx.query<ApiKeyRow>(
    `SELECT ${keyColumns} FROM identity.api_key
     WHERE tenant_id = $1 AND ($2::uuid IS NULL OR owner_id = $2) AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4`,
    [tenant, owner ?? null, after ?? null, limit],
  )
}

export async function revokeKeyRow(tx: Tx, tenant: Tenant, id: Id<'api_key'>, now: Instant): Promise<void> {
  await tx.query('UPDATE identity.api_key SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL', [tenant, id, now])
}

/** The key goes on until the moment, or until its own end where that is sooner. @returns whether it was not replaced before */
export async function replaceKeyRow(tx: Tx, tenant: Tenant, id: Id<'api_key'>, by: Id<'api_key'>, until: Instant): Promise<boolean> {
  return (
    (await tx.change(
      `UPDATE identity.api_key SET replaced_by = $3, expires_at = least(expires_at, $4)
        WHERE tenant_id = $1 AND id = $2 AND replaced_by IS NULL AND revoked_at IS NULL`,
      [tenant, id, by, until],
    )) === 1
  )
}

export async function revokeKeysOf(tx: Tx, tenant: Tenant, owner: string, now: Instant): Promise<number> {
  return tx.change('UPDATE identity.api_key SET revoked_at = $3 WHERE tenant_id = $1 AND owner_id = $2 AND revoked_at IS NULL', [tenant, owner, now])
}

// DPoP proofs and tidying

export async function languageOf(tx: Tx, tenant: Tenant, id: string): Promise<string | null> {
  return (await tx.query<{ language: string | null }>('SELECT language FROM identity.user WHERE tenant_id = $1 AND id = $2', [tenant, id]))[0]?.language ?? null
}

export async function keepLanguage(tx: Tx, tenant: Tenant, id: string, language: string): Promise<void> {
  await tx.change('UPDATE identity.user SET language = $3 WHERE tenant_id = $1 AND id = $2', [tenant, id, language])
}

/** @returns false when the proof was seen before */
export async function rememberProof(tx: Tx, tenant: Tenant, digest: Uint8Array, expiresAt: Instant): Promise<boolean> {
  return (
    (await tx.change(
      {
        name: 'identity-proof-remember',
        text: 'INSERT INTO identity.dpop_proof (tenant_id, digest, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      },
      [tenant, digest, expiresAt],
    )) === 1
  )
}

/** Forgets what time has ended. In the node's scope. */
export async function forgetExpired(tx: Tx, now: Instant): Promise<void> {
  await Promise.all([
    tx.change('DELETE FROM identity.dpop_proof WHERE expires_at < $1', [now]),
    tx.change(`DELETE FROM identity.session WHERE expires_at < $1 OR last_seen_at < $1::timestamptz - interval '${limits.sessionIdleMinutes} minutes'`, [now]),
    tx.change('DELETE FROM identity.invitation WHERE expires_at < $1', [now]),
    tx.change('DELETE FROM identity.reset WHERE expires_at < $1', [now]),
    tx.change('DELETE FROM identity.held_answer WHERE expires_at < $1', [now]),
    tx.change('DELETE FROM identity.device WHERE expires_at < $1', [now]),
    tx.change(`DELETE FROM identity.sent_message WHERE sent_at < $1::timestamptz - interval '1 hour'`, [now]),
    tx.change(`DELETE FROM identity.attempt WHERE greatest(failed_at, locked_until) < $1::timestamptz - interval '1 day'`, [now]),
  ])
}
