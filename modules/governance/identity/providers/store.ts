/** The SQL of identity providers. Which one an address leads to is asked before any tenant is known, in the scope of the node. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { isStaff, type UserRow } from '../store.ts'
import type { SamlSettings } from './saml/settings.ts'
import type { Provider } from './schema.ts'

type Tenant = Id<'tenant'>
type ProviderId = Id<'identity_provider'>

export interface ProviderRow extends Pick<Provider, 'name' | 'issuer' | 'client_id' | 'groups_claim' | 'teams' | 'roles'> {
  readonly tenant_id: Tenant
  readonly id: ProviderId
  /** Of a provider that speaks SAML; `null` with OpenID Connect. */
  readonly saml: SamlSettings | null
  readonly creates_accounts: boolean
  readonly required: boolean
  readonly signs_out: boolean
  readonly trusts_email: boolean
  readonly factors: string[]
  /** Whether a directory has a token. */
  readonly provisioned: boolean
  readonly revision: number
  readonly created_at: Instant
}

export interface DomainRow {
  readonly provider_id: ProviderId
  readonly domain: string
  readonly challenge: string
  readonly verified_at: Instant | null
}

const columns =
  'p.tenant_id, p.id, p.name, p.issuer, p.client_id, p.saml, p.groups_claim, p.teams, p.creates_accounts, p.roles, p.required, p.signs_out, p.trusts_email, p.factors, p.provisioning_hash IS NOT NULL AS provisioned, p.revision, p.created_at'

/** @returns false when there are as many as an institution may have */
export async function insertProvider(tx: Tx, row: ProviderRow, max: number): Promise<boolean> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('identity/providers/' || $1))`, [row.tenant_id])
  return (
    (await tx.change(
      `INSERT INTO identity.provider (tenant_id, id, name, issuer, client_id, groups_claim, teams, creates_accounts, roles, required, trusts_email, factors, revision, created_at, saml, signs_out)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16 WHERE (SELECT count(*) FROM identity.provider WHERE tenant_id = $1) < $17`,
      [...valuesOf(row), max],
    )) === 1
  )
}

export async function updateProvider(tx: Tx, row: ProviderRow): Promise<void> {
  await tx.change(
    `UPDATE identity.provider SET name = $3, issuer = $4, client_id = $5, groups_claim = $6, teams = $7, creates_accounts = $8, roles = $9, required = $10,
       trusts_email = $11, factors = $12, revision = $13, created_at = $14, saml = $15, signs_out = $16 WHERE tenant_id = $1 AND id = $2`,
    valuesOf(row),
  )
}

const valuesOf = (row: ProviderRow) => [
  row.tenant_id,
  row.id,
  row.name,
  row.issuer,
  row.client_id,
  row.groups_claim,
  JSON.stringify(row.teams),
  row.creates_accounts,
  row.roles,
  row.required,
  row.trusts_email,
  row.factors,
  row.revision,
  row.created_at,
  row.saml === null ? null : JSON.stringify(row.saml),
  row.signs_out,
]

export async function providerRows(tx: Tx, tenant: Tenant): Promise<ProviderRow[]> {
  return tx.query<ProviderRow>(`SELECT ${columns} FROM identity.provider p WHERE p.tenant_id = $1 ORDER BY p.id`, [tenant])
}

export async function providerById(tx: Tx, tenant: Tenant, id: ProviderId): Promise<ProviderRow | undefined> {
  return (await tx.query<ProviderRow>(`SELECT ${columns} FROM identity.provider p WHERE p.tenant_id = $1 AND p.id = $2`, [tenant, id]))[0]
}

export async function lockProvider(tx: Tx, tenant: Tenant, id: ProviderId): Promise<ProviderRow | undefined> {
  return (await tx.query<ProviderRow>(`SELECT ${columns} FROM identity.provider p WHERE p.tenant_id = $1 AND p.id = $2 FOR UPDATE`, [tenant, id]))[0]
}

/** In the node's scope. */
export async function anyProvider(tx: Tx, id: ProviderId): Promise<ProviderRow | undefined> {
  return (await tx.query<ProviderRow>(`SELECT ${columns} FROM identity.provider p WHERE p.id = $1`, [id]))[0]
}

/** In the node's scope: where addresses of this domain sign in. Of several who have proven it, whoever did so first. */
export async function providerOfDomain(tx: Tx, domain: string): Promise<ProviderRow | undefined> {
  return (
    await tx.query<ProviderRow>(
      `SELECT ${columns} FROM identity.provider_domain d JOIN identity.provider p ON p.tenant_id = d.tenant_id AND p.id = d.provider_id
       WHERE d.domain = $1 AND d.verified_at IS NOT NULL ORDER BY d.verified_at, d.tenant_id LIMIT 1`,
      [domain],
    )
  )[0]
}

/** Links end with the provider, and so does every session of those who came in by it. */
export async function deleteProviderRow(tx: Tx, tenant: Tenant, id: ProviderId): Promise<number> {
  const ended = await tx.change(
    `DELETE FROM identity.session s USING identity.account a
     WHERE s.tenant_id = $1 AND a.tenant_id = s.tenant_id AND a.user_id = s.user_id AND a.provider_id = $2::text`,
    [tenant, id],
  )
  await tx.change('DELETE FROM identity.account WHERE tenant_id = $1 AND provider_id = $2::text', [tenant, id])
  await tx.change('DELETE FROM identity.provider WHERE tenant_id = $1 AND id = $2', [tenant, id])
  return ended
}

// Domains

export async function domainRows(tx: Tx, tenant: Tenant, provider?: ProviderId): Promise<DomainRow[]> {
  return tx.query<DomainRow>(
    'SELECT provider_id, domain, challenge, verified_at FROM identity.provider_domain WHERE tenant_id = $1 AND ($2::uuid IS NULL OR provider_id = $2) ORDER BY domain',
    [tenant, provider ?? null],
  )
}

/** What is new waits for its proof; what is no longer named goes. @returns the domains that another provider of the institution has */
export async function setDomains(tx: Tx, tenant: Tenant, provider: ProviderId, rows: readonly Pick<DomainRow, 'domain' | 'challenge'>[]): Promise<string[]> {
  await tx.change('DELETE FROM identity.provider_domain WHERE tenant_id = $1 AND provider_id = $2 AND domain <> ALL($3::text[])', [
    tenant,
    provider,
    rows.map(({ domain }) => domain),
  ])
  for (const { domain, challenge } of rows) {
    await tx.change('INSERT INTO identity.provider_domain (tenant_id, provider_id, domain, challenge) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      tenant,
      provider,
      domain,
      challenge,
    ])
  }
  const taken = await tx.query<{ domain: string }>(
    'SELECT domain FROM identity.provider_domain WHERE tenant_id = $1 AND provider_id <> $2 AND domain = ANY($3::text[]) ORDER BY domain',
    [tenant, provider, rows.map(({ domain }) => domain)],
  )
  return taken.map(({ domain }) => domain)
}

export async function verifyDomain(tx: Tx, tenant: Tenant, provider: ProviderId, domain: string, now: Instant): Promise<void> {
  await tx.change('UPDATE identity.provider_domain SET verified_at = $4 WHERE tenant_id = $1 AND provider_id = $2 AND domain = $3', [
    tenant,
    provider,
    domain,
    now,
  ])
}

/** Whether people of this domain sign in by a provider and in no other way. */
export async function requiresProvider(tx: Tx, tenant: Tenant, domain: string): Promise<boolean> {
  const rows = await tx.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM identity.provider_domain d JOIN identity.provider p ON p.tenant_id = d.tenant_id AND p.id = d.provider_id
       WHERE d.tenant_id = $1 AND d.domain = $2 AND d.verified_at IS NOT NULL AND p.required) AS found`,
    [tenant, domain],
  )
  return rows[0]?.found === true
}

/** Whether one of the institution's domains is proven for this provider. */
export async function isVerified(tx: Tx, tenant: Tenant, provider: ProviderId, domain: string): Promise<boolean> {
  const rows = await tx.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM identity.provider_domain WHERE tenant_id = $1 AND provider_id = $2 AND domain = $3 AND verified_at IS NOT NULL) AS found',
    [tenant, provider, domain],
  )
  return rows[0]?.found === true
}

/** Active administrators whose address lies in none of these domains: they come in also while a provider is away. */
export async function administratorsBeside(tx: Tx, tenant: Tenant, domains: readonly string[]): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM identity.user u WHERE u.tenant_id = $1 AND 'administrator' = ANY(u.roles) AND u.disabled_at IS NULL
       AND split_part(u.email, '@', 2) <> ALL($2::text[])
       AND EXISTS (SELECT 1 FROM identity.account a WHERE a.tenant_id = u.tenant_id AND a.user_id = u.id AND a.provider_id = 'credential')`,
    [tenant, domains],
  )
  return rows[0]?.count ?? 0
}

// Links

export async function userOfLink(tx: Tx, tenant: Tenant, provider: ProviderId, subject: string): Promise<Id<'user'> | undefined> {
  const rows = await tx.query<{ user_id: Id<'user'> }>(
    'SELECT user_id FROM identity.account WHERE tenant_id = $1 AND provider_id = $2::text AND account_id = $3',
    [tenant, provider, subject],
  )
  return rows[0]?.user_id
}

/** Whom of the staff one of the institution's providers of OpenID Connect knows under this `sub`. */
export async function staffOfIssuer(tx: Tx, tenant: Tenant, issuer: string, subject: string): Promise<Id<'user'> | undefined> {
  const rows = await tx.query<{ user_id: Id<'user'> }>(
    `SELECT a.user_id FROM identity.account a JOIN identity.provider p ON p.tenant_id = a.tenant_id AND p.id::text = a.provider_id
       WHERE a.tenant_id = $1 AND p.issuer = $2 AND p.saml IS NULL AND a.account_id = $3`,
    [tenant, issuer, subject],
  )
  const [found] = rows
  return found !== undefined && (await isStaff(tx, tenant, found.user_id)) ? found.user_id : undefined
}

/** Whether a provider knows this user already; this one or another. */
export async function isLinked(tx: Tx, tenant: Tenant, { id }: Pick<UserRow, 'id'>): Promise<boolean> {
  const rows = await tx.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM identity.account a JOIN identity.provider p ON p.tenant_id = a.tenant_id AND p.id::text = a.provider_id
       WHERE a.tenant_id = $1 AND a.user_id = $2) AS found`,
    [tenant, id],
  )
  return rows[0]?.found === true
}

// Answers that wait for their browser

export interface HeldRow extends Pick<ProviderRow, 'tenant_id' | 'id'> {
  readonly hash: Uint8Array
  readonly sealed: Uint8Array
  readonly expiresAt: Instant
}

export async function insertHeld(tx: Tx, { tenant_id: tenant, id: provider, hash, sealed, expiresAt }: HeldRow): Promise<void> {
  await tx.change('INSERT INTO identity.held_answer (tenant_id, provider_id, token_hash, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)', [
    tenant,
    provider,
    hash,
    sealed,
    expiresAt,
  ])
}

export async function deleteHeld(tx: Tx, tenant: Tenant, provider: ProviderId, hash: Uint8Array, now: Instant): Promise<Uint8Array | undefined> {
  const rows = await tx.query<{ sealed: Uint8Array }>(
    'DELETE FROM identity.held_answer WHERE tenant_id = $1 AND provider_id = $2 AND token_hash = $3 AND expires_at > $4 RETURNING sealed',
    [tenant, provider, hash, now],
  )
  return rows[0]?.sealed
}
